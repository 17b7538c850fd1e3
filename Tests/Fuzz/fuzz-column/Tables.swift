import FuzzKit

@testable import Subscribers

/// The input is tables: a line of column names, lines of cells, a blank line before the next table. Cells end with `,`.
///
/// The choice is compared with `Rules`, a second and simpler implementation.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let tables = Tables(bytes(start, count))
    guard !tables.all.isEmpty else { return 0 }
    tables.check()
    return 0
}

struct Tables {
    struct Table {
        var name: String
        var names: [String]
        var rows: [[[UInt8]]]
    }

    var all: [Table] = []

    init(_ input: [UInt8]) {
        for (number, block) in Self.blocks(input).enumerated() {
            let names = Self.cells(block[0]).map { String(decoding: $0, as: UTF8.self) }
            let rows = block.dropFirst().map { Self.cells($0) }
            all.append(Table(name: "t\(number)", names: names, rows: rows))
        }
    }

    private static func blocks(_ input: [UInt8]) -> [[ArraySlice<UInt8>]] {
        var blocks: [[ArraySlice<UInt8>]] = [[]]
        for line in input.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.isEmpty { blocks.append([]) } else { blocks[blocks.count - 1].append(line) }
        }
        return blocks.filter { !$0.isEmpty }
    }

    private static func cells(_ line: ArraySlice<UInt8>) -> [[UInt8]] {
        line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { Array($0) }
    }

    private var described: [ColumnChoice.Table] {
        all.map { table in
            let columns = table.names.indices.map { index in
                var profile = ColumnProfile()
                for (line, row) in table.rows.enumerated() where index < row.count && line < ColumnProfile.rowLimit {
                    profile.add(.text(row[index][...]), line: line + 1)
                }
                return ColumnChoice.Column(name: table.names[index], profile: profile)
            }
            return ColumnChoice.Table(name: table.name, columns: columns, hasRows: !table.rows.isEmpty)
        }
    }

    func check() {
        let expected = Rules(self).choice
        do {
            let choice = try ColumnChoice.among(described, source: "list")
            expect(expected == .chosen(table: choice.table ?? "", index: choice.index), "\(choice) is not \(expected)")
        } catch {
            expect(expected == .refused, "\(error.description), but \(expected)")
            expect(!error.description.isEmpty, "the error has no text")
        }
    }
}
