import Files
import Foundation
import Subscribers
import TestSupport
import Testing

/// A list that is written while it is read.
@Suite struct SourceChangeTests {
    /// More than one read returns.
    private static let names = (0..<40_000).map { "subscriber/\(100_000 + $0)==" }
    private static let text = "id\n" + names.map { $0 + "\n" }.joined()

    enum Change: CaseIterable {
        case cut, addedTo, overwritten, writtenAnew
        /// Another file gets its name, or it is removed.
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
            // Its modification time differs from that of the change, even if the file system's clock is coarse.
            let yesterday = Date(timeIntervalSinceNow: -86_400)
            try FileManager.default.setAttributes([.modificationDate: yesterday], ofItemAtPath: path)
            return try Spooled(SourceOptions(path: path)) { row in if row == 10 { try change.make(to: path) } }
        }
    }

    @Test(arguments: [Change.cut, .addedTo, .overwritten, .writtenAnew])
    func `a list that changes while it is read is refused`(_ change: Change) async throws {
        await #expect(throws: SourceError.changedWhileReading(name: "list.csv")) { try await spooled(change) }
    }

    /// Renaming a new file to the name does not change the file that is being read.
    @Test(arguments: [Change.replaced, .removed])
    func `a list that is replaced or removed is read as it was`(_ change: Change) async throws {
        #expect(try await spooled(change).ids == Self.names.map { Array($0.utf8) })
    }
}
