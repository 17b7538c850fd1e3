import Foundation
import HotPaths

/// Repeats the work of one hot path, so that valgrind can count its instructions.
///
/// usage: hot-path IDS [NAME TIMES]. Without a name it lists the paths and the number of ids of each repetition.
@main
enum HotPathCommand {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 1, let ids = Int(arguments[1]), ids > 0, ids % 100 == 0 else {
            return fail("usage: hot-path IDS [NAME TIMES], where IDS is a multiple of 100")
        }
        let directory = FileManager.default.temporaryDirectory.path + "/viber-rollcall-hot-path-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let paths = try HotPath.all(ids: ids, in: directory)
        guard arguments.count == 4, let times = Int(arguments[3]) else {
            for path in paths { print("\(path.ids)\t\(path.name)") }
            return
        }
        guard let path = paths.first(where: { $0.name == arguments[2] }) else {
            return fail("there is no hot path '\(arguments[2])'")
        }
        for _ in 0..<times { try path.work() }
    }

    private static func fail(_ what: String) {
        FileHandle.standardError.write(Data((what + "\n").utf8))
        exit(64)
    }
}
