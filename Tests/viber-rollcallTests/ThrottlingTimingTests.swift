import Foundation
import TestSupport
import Testing

/// A server that answers `tooManyRequests` above a rate, with the real binary: the run slows down to that rate.
@Suite(.serialized, .needs("python3")) struct ThrottlingTimingTests {
    /// 60 requests to find the rate, and then enough to measure how it is kept.
    private static let batches = [1: 130, 5: 250, 50: 1_500]

    /// The slow cases wait and use no CPU, so they run in parallel.
    @Test func `the rate of the server is found`() async throws {
        async let slow: Void = followRate(1)
        async let slower: Void = followRate(5)
        try await slow
        try await slower
        try await followRate(50)
    }

    private func followRate(_ allowed: Int) async throws {
        try await withTemporaryDirectory { directory in
            let batches = try #require(Self.batches[allowed])
            try IDLists.writeCSV(IDLists.made(batches * 100), to: directory + "/list.csv")
            let log = directory + "/sandbox.log"
            try await Program.withSandbox(["--try-later", "0", "--allow", "\(allowed)", "--log", log]) { sandbox in
                let run = try await Program.snapshot(
                    ["list.csv", "--rate", "0", "--json"], in: directory, of: sandbox, ids: "list.csv.ids",
                    makes: ["sandbox.log"])
                #expect(run.code == 0, "\(run.error)")
                let summary = try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
                let reached = Double(batches) / summary.timing.asking_s
                #expect(reached >= 0.8 * Double(allowed))
                let answers = try bytes(of: log).split(separator: 0x0A).map {
                    try JSONDecoder().decode(Logged.self, from: Data($0))
                }.sorted { $0.request < $1.request }.map(\.answer)
                #expect(answers.count == summary.api.requests)
                let later = answers.dropFirst(60)
                let throttled = later.count { $0 == "status-12" }
                #expect(Double(throttled) <= 0.05 * Double(later.count))
                print(
                    "allowed \(allowed), reached \(reached), throttled \(throttled) of \(later.count) after the first 60"
                )
            }
        }
    }

    private struct Logged: Decodable {
        var request: Int
        var answer: String
    }

    private struct Summary: Decodable {
        struct Timing: Decodable { var asking_s: Double }
        struct API: Decodable { var requests: Int }
        var timing: Timing
        var api: API
    }
}
