import Foundation
import TestSupport
import Testing

/// A server that answers `tooManyRequests` above a rate, through the real binary: the run slows down to it.
@Suite(.serialized, .needs("python3")) struct ThrottlingTimingTests {
    @Test(arguments: [5, 50])
    func theRateOfTheServerIsFound(_ allowed: Int) async throws {
        try await withTemporaryDirectory { directory in
            // 60 requests to find the rate, and then enough to tell how it is kept.
            let batches = allowed == 5 ? 250 : 1_500
            try IDLists.writeCSV(IDLists.made(batches * 100), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0", "--allow", "\(allowed)"]) { sandbox in
                let run = try await Program.snapshot(
                    ["list.csv", "--rate", "0", "--json"], in: directory, of: sandbox, ids: "list.csv.ids")
                #expect(run.code == 0, "\(run.error)")
                let summary = try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
                let reached = Double(batches) / summary.timing.asking_s
                #expect(reached >= 0.8 * Double(allowed))
                #expect(Double(summary.api.throttled) <= 60 + 0.05 * Double(batches))
                print("allowed \(allowed), reached \(reached), throttled \(summary.api.throttled)")
            }
        }
    }

    private struct Summary: Decodable {
        struct Timing: Decodable { var asking_s: Double }
        struct API: Decodable { var throttled: Int }
        var timing: Timing
        var api: API
    }
}
