import Foundation
import TestSupport
import Testing

/// Measurements that other load on the machine would distort: the test command runs this suite alone.
@Suite(.serialized, .needs("python3")) struct TimingTests {
    @Test func `concurrency is real and bounded`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(10_000), to: directory + "/list.csv")
            try await Program.withSandbox(["--latency", "100ms", "--try-later", "0"]) { sandbox in
                let run = try await Program.snapshot(
                    ["list.csv", "--concurrency", "16", "--rate", "0", "--json"], in: directory, of: sandbox)
                #expect(run.code == 0, "\(run.error)")
                struct Summary: Decodable {
                    struct Timing: Decodable { var asking_s: Double }
                    var timing: Timing
                }
                let asking = try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8)).timing.asking_s
                // 100 batches, 16 at a time, are 7 rounds of 100 ms.
                #expect(asking >= 0.7)
                #expect(asking < 1.0)
                let seen = try await sandbox.statistics()
                #expect(seen["get_online"] == 100)
                #expect(seen["most_in_flight"] == 16)
            }
        }
    }

    @Test func `the rate is kept`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(2_400), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let run = try await Program.snapshot(
                    ["list.csv", "--concurrency", "4", "--rate", "10"], in: directory, of: sandbox)
                #expect(run.code == 0, "\(run.error)")
                // 24 requests: 4 at once, and 20 more at 10 per second.
                #expect(run.duration >= .seconds(2))
            }
        }
    }

    @Test func `the second of two concurrent runs exits`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(300), to: directory + "/list.csv")
            try await Program.withSandbox(["--latency", "1s"]) { sandbox in
                async let first = Program.snapshot(["list.csv"], in: directory, of: sandbox)
                while !FileManager.default.fileExists(atPath: directory + "/reports/.work/.lock") {
                    try await Task.sleep(for: .milliseconds(10))  // until the other process has its lock
                }
                let second = try await Program.snapshot(
                    ["list.csv"], in: directory, of: sandbox, setting: .besideAnotherRun)
                #expect(second.duration < .seconds(1))
                #expect(second.code == 75)
                #expect(second.error.contains("is locked by process"))
                #expect(try await first.code == 0)
            }
        }
    }

    /// Exactly one runs. The other exits at once, reports the process and the start of the first, and leaves nothing.
    @Test func `one of two runs that start together succeeds`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(100), to: directory + "/list.csv")
            try await Program.withSandbox(["--latency", "300ms", "--try-later", "0"]) { sandbox in
                for pair in 1...10 {
                    let command = ["list.csv", "--base-url", sandbox.url, "--quiet"]
                    let environment = ["VIBER_AUTH_TOKEN": Program.canary]
                    async let one = Program.run(command, in: directory, environment: environment)
                    async let other = Program.run(command, in: directory, environment: environment)
                    let ends = try await [one, other].sorted { $0.code < $1.code }
                    #expect(ends.map(\.code) == [0, 75], "\(ends.map(\.error))")
                    #expect(ends[1].duration < .seconds(1))
                    let message = /is locked by process [0-9]+ since [0-9]{4}-[0-9-]{5}T[0-9:]{8}Z\n/
                    #expect(ends[1].error.contains(message), "\(ends[1].error)")
                    let names = try StoppedRun.names(directory)
                    #expect(names.runs.count == pair)
                    #expect(names.work.isEmpty)
                }
                #expect(try await sandbox.statistics()["get_online"] == 10)
            }
        }
    }
}
