import Files
import Foundation
import TestSupport
import Testing

/// `verify` from the outside: the names of runs, and the output.
@Suite(.needs("python3")) struct VerifyCommandTests {
    /// An output directory with three runs of the sample, the newest of them damaged.
    private func withRuns(_ body: (_ directory: String, _ runs: [String]) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let sample = Machine.root + "/reports/sample"
            let runs = try FileSystem.list(sample).filter { $0.hasPrefix("2") && !$0.hasSuffix("-incomplete") }.suffix(
                3)
            try FileSystem.make(directory + "/reports")
            for run in runs {
                try FileManager.default.copyItem(atPath: sample + "/" + run, toPath: directory + "/reports/" + run)
            }
            try await body(directory, Array(runs))
        }
    }

    private func verify(_ arguments: [String], in directory: String) async throws -> ToolResult {
        try await Program.run(["verify"] + arguments, in: directory)
    }

    @Test func `a run is found by each of its names`() async throws {
        try await withRuns { directory, runs in
            let day = "\(runs[0].prefix(4))-\(runs[0].dropFirst(4).prefix(2))-\(runs[0].dropFirst(6).prefix(2))"
            let names = [
                ([], runs[2]), (["latest"], runs[2]), ([runs[1]], runs[1]), (["previous"], runs[1]), ([day], runs[0]),
                (["reports/" + runs[0]], runs[0]), ([directory + "/reports/" + runs[1] + "/"], runs[1]),
            ]
            for (arguments, run) in names {
                let ended = try await verify(arguments, in: directory)
                #expect(ended.code == 0, "\(arguments): \(ended.error)")
                #expect(ended.output.hasPrefix("Run \(run) is sound"), "\(arguments): \(ended.output)")
            }
            let elsewhere = try await verify(["latest", "--output-dir", "reports"], in: directory)
            #expect(elsewhere.output.hasPrefix("Run \(runs[2]) is sound"))
            for name in ["2020-01-01", "20200101T000000Z-0000", "nonsense"] {
                #expect(try await verify([name], in: directory).code == 66)
            }
            let missing = try await verify(["latest", "--output-dir", "none"], in: directory)
            #expect(missing.code == 66)
            #expect(missing.error.contains("there is no directory none"))
            #expect(try await verify(["latest", "--all"], in: directory).code == 64)
        }
    }

    /// The newest run is found by its directory name, so a run with an unreadable summary is found, too.
    @Test func `a damaged run is found by its name`() async throws {
        try await withRuns { directory, runs in
            try write("{", to: directory + "/reports/\(runs[2])/summary.json")
            for arguments in [[], [runs[2]], ["reports/" + runs[2]]] {
                let ended = try await verify(arguments, in: directory)
                #expect(ended.code == 65, "\(arguments): \(ended.error)")
            }
            #expect(try await verify(["latest"], in: directory).code == 0)
        }
    }

    @Test func `all runs are checked at once`() async throws {
        try await withRuns { directory, runs in
            let sound = try await verify(["--all"], in: directory)
            #expect(sound.code == 0, "\(sound.error)")
            #expect(sound.output == runs.map { "reports/\($0) is sound\n" }.joined())
            #expect(try await verify(["--all", "-q"], in: directory).output == "")
            try write("x", to: directory + "/reports/\(runs[0])/subscribers.csv.gz")
            try FileSystem.remove(directory + "/reports/\(runs[1])/summary.json")
            let damaged = try await verify(["--all"], in: directory)
            #expect(damaged.code == 65)
            #expect(damaged.output == "reports/\(runs[2]) is sound\n")
            #expect(damaged.error.contains("reports/\(runs[0]) does not verify"))
            #expect(damaged.error.contains("cannot read reports/\(runs[1])/summary.json"))
            #expect(damaged.error.hasSuffix("viber-rollcall: 2 of 3 snapshots are not sound\n"))
            try FileSystem.make(directory + "/empty")
            #expect(try await verify(["--all", "--output-dir", "empty"], in: directory).code == 66)
        }
    }

    /// Control characters in names and ids of a snapshot never reach the terminal.
    @Test func `nothing is printed raw`() async throws {
        try await withRuns { directory, runs in
            let path = directory + "/reports/" + runs[2]
            let change = """
                import json, sys
                path = sys.argv[1] + "/summary.json"
                summary = json.load(open(path))
                name = "\\x1b[2J\\x1b]0;owned\\x07\\u202e\\nRun x is sound"
                open(sys.argv[1] + "/" + name, "w").write("")
                facts = {"name": name, "rows": 0, "bytes": 0,
                         "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
                summary["files"].append(facts)
                json.dump(summary, open(path, "w"))
                """
            _ = try await pythonLines(change, [path])
            let ended = try await verify([runs[2]], in: directory)
            #expect(ended.code == 65)
            let said = ended.output + ended.error
            #expect(!said.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
            #expect(said.split(separator: "\n").allSatisfy { !$0.hasPrefix("Run x") })
        }
    }
}
