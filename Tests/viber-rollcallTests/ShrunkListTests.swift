import Foundation
import TestSupport
import Testing

/// A list that lost most of its ids since its last successful run.
@Suite(.needs("python3")) struct ShrunkListTests {
    private func run(
        _ arguments: [String] = [], in directory: String, of sandbox: SandboxHandle, source: String = "list.csv"
    ) async throws -> ToolResult {
        try await Program.takeRoll(
            [source, "--base-url", sandbox.url, "--rate", "0", "--settle", "none"] + arguments, in: directory,
            environment: ["VIBER_AUTH_TOKEN": Program.canary])
    }

    /// A run of 200 ids, followed by a list of other ids.
    private func withShrunkList(
        to count: Int, _ body: (String, SandboxHandle) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let ids = IDLists.made(200)
            try IDLists.writeCSV(ids, to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0", "--subscribers", "200"]) { sandbox in
                let first = try await run(in: directory, of: sandbox)
                #expect(first.code == 0, "\(first.error)")
                try IDLists.writeCSV(Array(ids.prefix(count)), to: directory + "/list.csv")
                try await body(directory, sandbox)
            }
        }
    }

    @Test(arguments: [0, 1, 99]) func `it is refused before an ID is sent`(_ count: Int) async throws {
        try await withShrunkList(to: count) { directory, sandbox in
            let latest = try FileManager.default.destinationOfSymbolicLink(atPath: directory + "/reports/latest")
            let refused = try await run(in: directory, of: sandbox)
            #expect(refused.code == 65, "\(refused.error)")
            for words in ["list.csv has \(count) id", "(\(latest)) had 200", "--max-shrink 100"] {
                #expect(refused.error.contains(words), "\(refused.error)")
            }
            #expect(try await sandbox.statistics()["get_online"] == 2)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory + "/reports/latest") == latest)
            #expect(try StoppedRun.names(directory).work.isEmpty)
            let intended = try await run(["--max-shrink", "100"], in: directory, of: sandbox)
            #expect(intended.code == 0, "\(intended.error)")
            // From now on, lists are compared with the short one.
            #expect(try await run(in: directory, of: sandbox).code == 0)
        }
    }

    @Test func `another source is another list`() async throws {
        try await withShrunkList(to: 3) { directory, sandbox in
            try FileManager.default.createDirectory(atPath: directory + "/other", withIntermediateDirectories: false)
            try FileManager.default.moveItem(atPath: directory + "/list.csv", toPath: directory + "/other/list.csv")
            let other = try await run(in: directory, of: sandbox, source: "other/list.csv")
            #expect(other.code == 0, "\(other.error)")
        }
    }

    /// The same file by another path is the same source.
    @Test func `another spelling of the path is the same list`() async throws {
        try await withShrunkList(to: 3) { directory, sandbox in
            try FileManager.default.createDirectory(atPath: directory + "/x", withIntermediateDirectories: false)
            let same = try await run(in: directory, of: sandbox, source: directory + "/./x/..//list.csv")
            #expect(same.code == 65, "\(same.error)")
        }
    }

    @Test(arguments: ["101", "-1", "half", "%"])
    func `an invalid percentage is a usage error`(_ share: String) async throws {
        try await withTemporaryDirectory { directory in
            try write("id\n", to: directory + "/list.csv")
            let run = try await Program.run(["list.csv", "--max-shrink=" + share], in: directory)
            #expect(run.code == 64 && run.error.contains("--max-shrink '\(share)'"), "\(run.error)")
        }
    }
}
