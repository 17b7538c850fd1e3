import Foundation
import TestSupport
import Testing

/// An API that fails in several ways all the time, through the real binary.
@Suite(.serialized, .needs("python3")) struct MixedFailureTimingTests {
    /// About one request in ten fails, in any of the ways; every id still gets its status.
    @Test func `one failure in ten requests loses nothing`() async throws {
        let batches = 2_000
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(batches * 100), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0", "--seed", "5", "--fault", "any@~10"]) { sandbox in
                let run = try await Program.snapshot(
                    ["list.csv", "--rate", "0", "--settle", "100ms,100ms,100ms"], in: directory, of: sandbox,
                    ids: "list.csv.ids")
                #expect(run.code == 0, "\(run.error)")
                let asked = try #require(try await sandbox.statistics()["get_online"])
                #expect(asked > batches + batches / 20)
                #expect(Double(asked) <= 1.25 * Double(batches))
                print("mixed failures: \(asked) requests for \(batches) batches")
            }
        }
    }
}
