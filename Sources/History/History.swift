import Files
import Formats
package import Model

/// `history.csv`: one row a run, plain, made to be linked from a spreadsheet.
package enum History {
    /// Adds the run's row, in place of an earlier one of the same run. Rows of other runs stay as they are.
    ///
    /// A file of that name that is no history (saved by a spreadsheet with `;`, say) is moved aside and never lost; then
    /// the result is a sentence that says so.
    package static func record(_ summary: RunSummary, in path: String) throws -> String? {
        let row = HistoryRow(summary)
        let others = try rows(of: path) { $0 != row.run.description }
        let note = try others == nil ? moveAside(path, because: row.run) : nil
        try write((others ?? []).flatMap(\.text) + CSVText.record(row.fields), to: path)
        return note
    }

    /// Makes the file anew from the summaries of snapshots, oldest first. Rows of runs that are not among them are kept.
    ///
    /// Returns a sentence if there was a file that is no history, which is moved aside.
    package static func rebuild(from summaries: [RunSummary], in path: String) throws -> String? {
        // A run whose incomplete form was not yet removed when it ended has one row.
        let whole = Set(summaries.filter { $0.run.exitCode == 0 }.map(\.run.id))
        let rebuilt = summaries.filter { $0.run.exitCode == 0 || !whole.contains($0.run.id) }.map(HistoryRow.init)
        let known = Set(rebuilt.map(\.run.description))
        let others = try rows(of: path) { !known.contains($0) }
        let note = try others == nil ? rebuilt.last.map { try moveAside(path, because: $0.run) } : nil
        let all = (others ?? []) + rebuilt.map { (run: $0.run.description, text: CSVText.record($0.fields)) }
        try write(all.sorted { $0.run < $1.run }.flatMap(\.text), to: path)
        return note
    }

    /// The runs that the file tells of, in its order; rows that are none of ours are passed over.
    ///
    /// Throws `DamagedSnapshot` if it is no history.
    package static func read(from path: String) throws -> [HistoryRow] {
        var found: [HistoryRow] = []
        guard Directories.exists(path) else { return [] }
        let isHistory = try walk(path) { fields in
            if let row = HistoryRow(fields: fields.map { String(decoding: $0, as: UTF8.self) }) { found.append(row) }
        }
        guard isHistory else {
            throw DamagedSnapshot("\(path) is no history as this program writes it")
        }
        return found
    }

    private static func write(_ rows: [UInt8], to path: String) throws {
        try Directories.replaceFile(path, content: CSVText.record(HistoryRow.columns) + rows)
    }

    private static func moveAside(_ path: String, because run: RunID) throws -> String {
        let aside = path + ".before-" + run.description
        try Directories.rename(path, to: aside)
        return "\(path) was no history as this program writes it; it is now \(aside), and a new one was begun"
    }

    /// Rows as they stand, with what is in their first field; nil if the file is no history.
    private static func rows(
        of path: String,
        where isWanted: (String) -> Bool
    ) throws -> [(run: String, text: [UInt8])]? {
        guard Directories.exists(path) else { return [] }
        var rows: [(run: String, text: [UInt8])] = []
        let isHistory = try walk(path) { fields in
            let run = String(decoding: fields[0], as: UTF8.self)
            if isWanted(run) { rows.append((run, CSVText.record(fields))) }
        }
        return isHistory ? rows : nil
    }

    /// Hands every row behind the header to `visit`.
    ///
    /// Returns false if the file is no history.
    private static func walk(_ path: String, _ visit: ([ArraySlice<UInt8>]) -> Void) throws -> Bool {
        var records = RecordReader(try InputFile(opening: path), delimiter: UInt8(ascii: ","))
        do {
            while try records.next() {
                let fields = (0..<records.fieldCount).map { records.field($0) }
                if records.line == 1 {
                    let names = fields.map { String(decoding: $0, as: UTF8.self) }
                    guard names == HistoryRow.columns else { return false }
                } else {
                    visit(fields)
                }
                guard records.problem == nil else { return false }
            }
        } catch is UnterminatedQuote {
            return false
        }
        return true
    }
}
