import Formats
import FuzzKit

@testable import Subscribers

/// The input is one line with options, and a CSV file.
///
/// The line holds the delimiter, or `?` to detect it; `-` if the file has no header; and optionally the id column.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let file = CSVFile(bytes(start, count))
    file.checkRecords()
    file.checkColumn()
    return 0
}

struct CSVFile {
    var options = SourceOptions(path: "list.csv")
    var content: [UInt8]

    init(_ input: [UInt8]) {
        let line = input.prefix { $0 != 0x0A }
        content = Array(input.dropFirst(line.count + 1))
        var rest = line.dropFirst()
        if let delimiter = line.first, !"?\"\r".utf8.contains(delimiter) { options.delimiter = delimiter }
        options.noHeader = rest.first == UInt8(ascii: "-")
        if options.noHeader { rest.removeFirst() }
        if !rest.isEmpty { options.column = String(decoding: rest, as: UTF8.self) }
    }

    /// The sizes of the pieces in which the file is read the second time.
    var pieces: [Int] { [[1], [2], [3], [1, 40, 2, 300]][content.count % 4] }

    /// The maximum size of a record in bytes.
    var limit: Int { [RecordReader.recordLimit, RecordReader.recordLimit, 24][content.count % 3] }
}
