import Foundation

/// The input of `check_run.py`.
struct RunCheckInput: Encodable, Sendable {
    /// The working directory of the run.
    var directory: String
    /// The output directory, in `directory`.
    var output: String
    /// The listing of `directory` before the run.
    var before: [String: String]
    /// A directory with `stdout`, `stderr` and `tmp`.
    var scratch: String
    var code: Int32
    /// A file of the ids that must be published in order, one per line.
    var ids: String?
    /// Whether the run used the sandbox, so that each definite status is known.
    var sandbox: Bool
    /// The text that no file may contain, except the files in `spared`.
    var secret: String
    var spared: [String]
    /// Names in `directory` that the run, or a program around it, may create or change.
    var makes: [String]
    var setting: RunSetting

    /// Lists a directory recursively.
    ///
    /// - Parameter directory: the path.
    /// - Returns: each path below it with its kind, and for a file its size and modification time, for a link its
    ///   target.
    /// - Throws: what reading the directory throws.
    static func listing(of directory: String) throws -> [String: String] {
        let files = FileManager.default
        var entries: [String: String] = [:]
        for name in try files.subpathsOfDirectory(atPath: directory) {
            let path = directory + "/" + name
            var attributes = stat()
            guard lstat(path, &attributes) == 0 else { continue }
            let modified = attributes.st_mtim.tv_sec * 1_000_000_000 + attributes.st_mtim.tv_nsec
            entries[name] =
                switch attributes.st_mode & S_IFMT {
                case S_IFLNK: "link to " + (try files.destinationOfSymbolicLink(atPath: path))
                case S_IFREG: "file \(attributes.st_size) \(modified)"
                case S_IFDIR: "directory"
                default: "other"
                }
        }
        return entries
    }
}

/// A special condition of a run, by its name in `check_run.py`.
package enum RunSetting: String, Encodable, Sendable {
    case ordinary
    /// Another run uses the same output directory, and the check of that run covers what both leave.
    case besideAnotherRun = "beside another run"
    /// The test makes a step after the rename of the snapshot fail.
    case latestCannotBeMade = "latest cannot be made"
}
