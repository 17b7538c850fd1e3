import Formats
import FuzzKit

@testable import Subscribers

/// The input is how to read, in one line, and a CSV file.
///
/// The line: the delimiter, or `?` for one to be found; `-` where the file has no header; the id column, if it is given.
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

    /// The sizes of the pieces that it comes in, when it does not come at once.
    var pieces: [Int] { [[1], [2], [3], [1, 40, 2, 300]][content.count % 4] }

    /// The most bytes of a record.
    var limit: Int { [RecordReader.recordLimit, RecordReader.recordLimit, 24][content.count % 3] }
}
