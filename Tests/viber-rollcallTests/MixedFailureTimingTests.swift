import Foundation
import TestSupport
import Testing

/// An API that fails in several ways all the time, through the real binary.
@Suite(.serialized, .needs("python3")) struct MixedFailureTimingTests {
    /// About one request in ten fails, each time in another way; every id gets its status all the same.
    @Test func oneFailureInTenRequestsLosesNothing() async throws {
        let faults = ["http-500@/31", "truncated@/37", "html@/41", "status-999@/43"].flatMap { ["--fault", $0] }
        let batches = 500
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(batches * 100), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"] + faults) { sandbox in
                let run = try await Program.snapshot(
                    ["list.csv", "--rate", "0"], in: directory, of: sandbox, ids: "list.csv.ids")
                #expect(run.code == 0, "\(run.error)")
                let asked = try #require(try await sandbox.statistics()["get_online"])
                #expect(asked > batches + batches / 20)
                #expect(Double(asked) <= 1.25 * Double(batches))
            }
        }
    }
}
