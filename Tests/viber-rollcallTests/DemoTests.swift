import Foundation
import Sandbox
import TestSupport
import Testing

@Suite(.needs("python3")) struct DemoTests {
    @Test func `runs the whole job in an empty directory`() async throws {
        try await withTemporaryDirectory { directory in
            let demo = try await take(in: directory)
            #expect(demo.code == 0, "\(demo.error)")
            #expect(demo.output.contains("is complete"))
            #expect(demo.error == "")

            let verified = try await Program.run(["verify", "reports/latest"], in: directory)
            #expect(verified.code == 0, "\(verified.error)")

            let lines = try String(contentsOfFile: directory + "/demo-subscribers.csv", encoding: .utf8).split(
                separator: "\n")
            #expect(lines.count == 2_501)
            try write(lines.dropFirst().map { $0 + "\n" }.joined(), to: directory + "/ids")
            let checked = try await Checkers.check(directory + "/reports/latest", ids: directory + "/ids")
            #expect(checked.output == "sound: 2500 ids\n")
        }
    }

    @Test func `runs twice and keeps both snapshots`() async throws {
        try await withTemporaryDirectory { directory in
            for _ in 0..<2 { #expect(try await take(in: directory).code == 0) }
            let history = try String(contentsOfFile: directory + "/reports/history.csv", encoding: .utf8)
            #expect(history.split(separator: "\n").count == 3)
        }
    }

    @Test func `leaves a file of another kind alone`() async throws {
        try await withTemporaryDirectory { directory in
            try write("mine\n", to: directory + "/demo-subscribers.csv")
            let demo = try await take(in: directory)
            #expect(demo.code == 73)
            #expect(try bytes(of: directory + "/demo-subscribers.csv") == Array("mine\n".utf8))
        }
    }

    private func take(in directory: String) async throws -> ToolResult {
        try await Program.takeRoll(
            ["demo"], in: directory, secret: SandboxServer.demoToken, makes: ["demo-subscribers.csv"])
    }
}
