import Files
import Foundation
import Subscribers
import TestSupport
import Testing

/// A list that somebody writes while it is read.
@Suite struct SourceChangeTests {
    /// More than is read at once.
    private static let names = (0..<40_000).map { "subscriber/\(100_000 + $0)==" }
    private static let text = "id\n" + names.map { $0 + "\n" }.joined()

    enum Change: CaseIterable {
        case cut, addedTo, overwritten, writtenAnew
        /// Another file takes its name, or none does.
        case replaced, removed

        func make(to path: String) throws {
            switch self {
            case .writtenAnew: try write(SourceChangeTests.text, to: path)
            case .replaced:
                try write("id\nanother\n", to: path + ".new")
                try FileSystem.rename(path + ".new", to: path)
            case .removed: try FileSystem.remove(path)
            case .cut, .addedTo, .overwritten:
                let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
                defer { try? file.close() }
                if self == .cut { try file.truncate(atOffset: UInt64(SourceChangeTests.text.utf8.count / 2)) }
                if self == .addedTo { try file.seekToEnd() }
                if self != .cut { try file.write(contentsOf: Data("id\n".utf8)) }
            }
        }
    }

    private func spooled(_ change: Change) async throws -> Spooled {
        try await withTemporaryDirectory { directory in
            let path = directory + "/list.csv"
            try write(Self.text, to: path)
            // Its time is not that of the change, however coarse the clock of the file system.
            let yesterday = Date(timeIntervalSinceNow: -86_400)
            try FileManager.default.setAttributes([.modificationDate: yesterday], ofItemAtPath: path)
            return try Spooled(SourceOptions(path: path)) { row in if row == 10 { try change.make(to: path) } }
        }
    }

    @Test(arguments: [Change.cut, .addedTo, .overwritten, .writtenAnew])
    func `a list that changes while it is read is refused`(_ change: Change) async throws {
        await #expect(throws: SourceError.changedWhileReading(name: "list.csv")) { try await spooled(change) }
    }

    /// Whoever writes a new file and renames it changes nothing of the one that is being read.
    @Test(arguments: [Change.replaced, .removed])
    func `a list whose name goes to another is read as it was`(_ change: Change) async throws {
        #expect(try await spooled(change).ids == Self.names.map { Array($0.utf8) })
    }
}
