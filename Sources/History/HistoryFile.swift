import Formats
import Model

/// The lines of a history, with their original bytes.
struct HistoryFile: Sendable {
    /// A byte order mark, or empty.
    private let mark: [UInt8]
    private let delimiter: UInt8
    private let lineEnd: [UInt8]
    /// The names of the columns in the first line, in lower case.
    private var columns: [String]
    private var header: [UInt8]
    private(set) var lines: [Line]

    struct Line: Sendable {
        enum Content: Sendable, Equatable {
            /// A run's row.
            case row(HistoryRow)
            case blank
            case unreadable
        }

        /// The bytes with the line end, which the last line of a file may lack.
        var bytes: [UInt8]
        /// The line number in the file that was read.
        var number: Int
        /// Empty if the line cannot be split into cells.
        var cells: [[UInt8]]
        var content: Content
    }

    /// A history without rows, in the format of this program.
    init() {
        (mark, delimiter, lineEnd, lines) = ([], UInt8(ascii: ","), [0x0A], [])
        columns = HistoryRow.columns
        header = Self.record(columns.map { Array($0.utf8) }, delimiter: delimiter, lineEnd: lineEnd)
    }

    /// Reads a file; nil if its first line does not name the column of run ids.
    init?(_ content: [UInt8]) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let hasMark = content.starts(with: mark)
        let text = content.dropFirst(hasMark ? mark.count : 0)
        if text.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) {
            self = HistoryFile()
            return
        }
        guard let found = Self.header(of: text) else { return nil }
        self.mark = hasMark ? mark : []
        (delimiter, columns) = (found.delimiter, found.columns)
        header = Array(text[..<found.end])
        lineEnd = header.suffix(2) == [0x0D, 0x0A] ? [0x0D, 0x0A] : [0x0A]
        lines = []
        var position = found.end
        var number = 1 + header.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
        while position < text.endIndex {
            let line = line(at: position, of: text, number: number)
            position += line.bytes.count
            number += line.bytes.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
            lines.append(line)
        }
    }

    private static func header(
        of text: ArraySlice<UInt8>
    ) -> (delimiter: UInt8, columns: [String], end: Int)? {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09].compactMap { delimiter in
            CSVLine(text, at: text.startIndex, delimiter: delimiter).map { line in
                (delimiter, line.cells.map { $0.trimmedText.lowercased() }, line.end)
            }
        }
        let found = candidates.filter { $0.1.contains(HistoryRow.runColumn) }
        return found.max { $0.1.count < $1.1.count }
    }

    /// The line at a position. A record that cannot be parsed, such as one with an open quote, ends at the line end.
    private func line(at position: Int, of text: ArraySlice<UInt8>, number: Int) -> Line {
        guard let record = CSVLine(text, at: position, delimiter: delimiter) else {
            return unreadable(at: position, of: text, number: number, cells: [])
        }
        let bytes = Array(text[position..<record.end])
        if record.cells.allSatisfy({ $0.trimmedText.isEmpty }) {
            return Line(bytes: bytes, number: number, cells: [], content: .blank)
        }
        guard let row = HistoryRow(cells: named(record.cells)) else {
            return unreadable(at: position, of: text, number: number, cells: record.cells)
        }
        return Line(bytes: bytes, number: number, cells: record.cells, content: .row(row))
    }

    private func unreadable(at position: Int, of text: ArraySlice<UInt8>, number: Int, cells: [[UInt8]]) -> Line {
        let end = text[position...].firstIndex(of: 0x0A).map { $0 + 1 } ?? text.endIndex
        // A record that continues after the line end cannot be used.
        let isOneLine = CSVLine(text, at: position, delimiter: delimiter).map { $0.end <= end } ?? false
        return Line(
            bytes: Array(text[position..<end]), number: number, cells: isOneLine ? cells : [], content: .unreadable)
    }

    /// Cells by the names of their columns; if columns have the same name, the first counts.
    private func named(_ cells: [[UInt8]]) -> [String: String] {
        Dictionary(
            zip(columns, cells.map { String(decoding: $0, as: UTF8.self) }), uniquingKeysWith: { first, _ in first })
    }

    var bytes: [UInt8] { mark + header + lines.flatMap(\.bytes) }

    mutating func put(_ row: HistoryRow) {
        addMissingColumns()
        guard let index = index(of: row.run) else {
            endLastLine()
            lines.append(line(row, own: []))
            return
        }
        // A row with the same values stays as another program wrote it.
        if case .row(let earlier) = lines[index].content, earlier.cells == row.cells { return }
        lines[index] = line(row, own: lines[index].cells)
    }

    /// The index of a run's line: its row, or an unreadable line with its id.
    private func index(of run: RunID) -> Int? {
        let column = columns.firstIndex(of: HistoryRow.runColumn) ?? 0
        return lines.firstIndex { line in
            switch line.content {
            case .row(let row): row.run == run
            case .blank: false
            case .unreadable: line.cells.count > column && line.cells[column].trimmedText == run.description
            }
        }
    }

    /// A line with a run's cells and the user's own cells of the earlier line.
    private func line(_ row: HistoryRow, own earlier: [[UInt8]]) -> Line {
        var cells = earlier + [[UInt8]](repeating: [], count: max(columns.count - earlier.count, 0))
        let written = row.cells
        var seen: Set<String> = []
        for (index, name) in columns.enumerated() where seen.insert(name).inserted {
            if let value = written[name] { cells[index] = Array(value.utf8) }
        }
        let bytes = Self.record(cells, delimiter: delimiter, lineEnd: lineEnd)
        return Line(bytes: bytes, number: 0, cells: cells, content: .row(row))
    }

    mutating func sort() {
        endLastLine()
        let rows = lines.enumerated().compactMap { index, line in
            if case .row(let row) = line.content { (row, index) } else { nil }
        }
        let ordered = rows.sorted {
            ($0.0.startedAt, $0.0.run.description, $0.1) < ($1.0.startedAt, $1.0.run.description, $1.1)
        }
        let others = lines.filter { if case .row = $0.content { false } else { true } }
        lines = ordered.map { lines[$0.1] } + others
    }

    /// Adds missing columns, which an older version did not write or the user removed, after the existing ones.
    private mutating func addMissingColumns() {
        let missing = HistoryRow.columns.filter { !columns.contains($0) }
        guard !missing.isEmpty else { return }
        // Cells after the last named column may be the user's; they get columns without a name.
        let width = lines.reduce(columns.count) { max($0, $1.cells.count) }
        let names =
            (CSVLine(header[...], at: 0, delimiter: delimiter)?.cells ?? [])
            + [[UInt8]](repeating: [], count: width - columns.count) + missing.map { Array($0.utf8) }
        columns = names.map { $0.trimmedText.lowercased() }
        header = Self.record(names, delimiter: delimiter, lineEnd: lineEnd)
        for index in lines.indices {
            // Any other line may be part of a cell with line ends, and is kept byte for byte.
            guard case .row = lines[index].content else { continue }
            let cells = lines[index].cells
            let lineEndLength = lines[index].bytes.reversed().prefix { $0 == 0x0A || $0 == 0x0D }.count
            let position = lines[index].bytes.count - lineEndLength
            lines[index].bytes.insert(
                contentsOf: [UInt8](repeating: delimiter, count: columns.count - cells.count), at: position)
        }
    }

    private mutating func endLastLine() {
        if lines.isEmpty, header.last != 0x0A { header += lineEnd }
        guard let last = lines.indices.last, lines[last].bytes.last != 0x0A else { return }
        lines[last].bytes += lineEnd
    }

    private static func record(_ cells: [[UInt8]], delimiter: UInt8, lineEnd: [UInt8]) -> [UInt8] {
        let special: Set<UInt8> = [delimiter, UInt8(ascii: "\""), 0x0A, 0x0D]
        let fields = cells.map { bytes in
            guard bytes.contains(where: special.contains) else { return bytes }
            let quote = UInt8(ascii: "\"")
            return [quote] + bytes.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
        }
        return Array(fields.joined(separator: [delimiter])) + lineEnd
    }
}
