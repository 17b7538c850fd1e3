import Sandbox
import TestSupport

/// Lists of ids for whole runs.
enum IDLists {
    /// Writes a CSV file with a header, and only the ids to `<path>.ids`, one per line.
    static func writeCSV(_ ids: [String], to path: String) throws {
        try write((["id"] + ids).map { $0 + "\n" }.joined(), to: path)
        try write(ids.map { $0 + "\n" }.joined(), to: path + ".ids")
    }

    static func made(_ count: Int) -> [String] { SampleIDs.ids(count, seed: UInt64(count)) }
}
