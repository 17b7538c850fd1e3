import Foundation
import Sandbox
import TestSupport
import Testing

/// Each kind of faulty list, as `sandbox --list` writes it, read by the real binary.
@Suite(.needs("python3")) struct FaultyListTests {
    private func written(_ kind: String, in directory: String) async throws {
        let list = try await Program.run(["sandbox", "--list", kind], in: directory)
        try #require(list.code == 0, "\(list.error)")
        try write(list.output, to: directory + "/list.csv")
        try write(SampleIDs.ids(100).map { $0 + "\n" }.joined(), to: directory + "/ids")
    }

    private func run(in directory: String, of sandbox: SandboxHandle, ids: String?) async throws -> ToolResult {
        try await Program.takeRoll(
            ["list.csv", "--base-url", sandbox.url, "--rate", "0", "--settle", "none"], in: directory,
            environment: ["VIBER_AUTH_TOKEN": Program.canary], ids: ids)
    }

    @Test(arguments: FaultyList.allCases) func `is read or warned about or refused`(_ list: FaultyList) async throws {
        try await withTemporaryDirectory { directory in
            try await written(list.rawValue, in: directory)
            try await Program.withSandbox(["--try-later", "0", "--subscribers", "100"]) { sandbox in
                let run = try await run(in: directory, of: sandbox, ids: list.outcome == .read ? "ids" : nil)
                switch list.outcome {
                case .read: #expect(run.code == 0 && run.error == "", "\(run.error)")
                case .warn: #expect(run.code == 0 && run.error.contains("warning: "), "\(run.error)")
                case .refuse:
                    #expect(run.code == 65, "\(run.error)")
                    #expect(try await sandbox.statistics()["get_online"] == 0)
                }
                // Cells may hold personal data.
                for id in SampleIDs.ids(100) { #expect(!run.error.contains(id.prefix(12))) }
            }
        }
    }

    @Test func `a good list is read without a warning`() async throws {
        try await withTemporaryDirectory { directory in
            try await written("good", in: directory)
            try await Program.withSandbox(["--try-later", "0", "--subscribers", "100"]) { sandbox in
                let run = try await run(in: directory, of: sandbox, ids: "ids")
                #expect(run.code == 0 && run.error == "", "\(run.error)")
            }
        }
    }

    @Test func `an unknown kind is a usage error that lists the kinds`() async throws {
        try await withTemporaryDirectory { directory in
            let run = try await Program.run(["sandbox", "--list", "perfect"], in: directory)
            #expect(run.code == 64, "\(run.error)")
            for kind in ["good"] + FaultyList.allCases.map(\.rawValue) { #expect(run.error.contains(kind)) }
        }
    }
}
