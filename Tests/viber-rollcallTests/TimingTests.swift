import Foundation
import TestSupport
import Testing

/// Figures that another load on the machine would spoil: the test command runs this suite by itself.
@Suite(.serialized, .needs("python3")) struct TimingTests {
    @Test func concurrencyIsRealAndBounded() async throws {
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

    @Test func theRateIsKept() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(2_400), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let run = try await Program.snapshot(
                    ["list.csv", "--concurrency", "4", "--rate", "10"], in: directory, of: sandbox)
                #expect(run.code == 0, "\(run.error)")
                // 24 requests: 4 at once, and 20 more at 10 a second.
                #expect(run.duration >= .seconds(2))
            }
        }
    }

    @Test func theSecondOfTwoRunsAtOnceGivesWay() async throws {
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
}
