import Foundation

/// What the checker of a run is told of it.
struct RunFacts: Encodable, Sendable {
    /// Where the run worked.
    var directory: String
    /// The output directory, in it.
    var output: String
    /// What was in the directory before the run.
    var before: [String: String]
    /// Holds `stdout`, `stderr` and `tmp`.
    var scratch: String
    var code: Int32
    /// A file of the ids that have to be published, one a line, in order.
    var ids: String?
    /// Whether the sandbox was asked, so that each definite status is known.
    var sandbox: Bool
    /// What may stand nowhere but in the files `spared`.
    var secret: String
    var spared: [String]
    /// Names in the directory that the run, or a program around it, is meant to make or change.
    var makes: [String]
    var setting: RunSetting

    /// Each path below a directory with its kind, and for a file its size and time of change, for a link its target.
    static func listing(of directory: String) throws -> [String: String] {
        let files = FileManager.default
        var found: [String: String] = [:]
        for name in try files.subpathsOfDirectory(atPath: directory) {
            let path = directory + "/" + name
            var facts = stat()
            guard lstat(path, &facts) == 0 else { continue }
            let modified = facts.st_mtim.tv_sec * 1_000_000_000 + facts.st_mtim.tv_nsec
            found[name] =
                switch facts.st_mode & S_IFMT {
                case S_IFLNK: "link to " + (try files.destinationOfSymbolicLink(atPath: path))
                case S_IFREG: "file \(facts.st_size) \(modified)"
                case S_IFDIR: "directory"
                default: "other"
                }
        }
        return found
    }
}

/// What is special about a run, in the words of its checker.
package enum RunSetting: String, Encodable, Sendable {
    case ordinary
    /// Another run has the same output directory; what both leave is for the check of that one.
    case besideAnotherRun = "beside another run"
    /// The test made something fail that follows the rename of the snapshot.
    case latestCannotBeMade = "latest cannot be made"
}
