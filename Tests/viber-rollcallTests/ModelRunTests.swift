import Foundation
import Model
import Snapshots
import TestSupport
import Testing

import enum SnapshotJob.ExitStatus

@testable import viber_rollcall

/// No fault of the API makes a run lose an id, count it twice or give it the status of another one.
///
/// `VIBER_ROLLCALL_MODEL_RUNS` sets the number of runs, `VIBER_ROLLCALL_MODEL_SEED` the first seed.
@Suite(.serialized, .needs("python3"), .needs("gzip")) struct ModelRunTests {
    private static let runs = drawn { ModelRun(seed: $0) }
    private static let boundRuns = drawn { ModelRun(seed: $0, isBound: true) }

    private static func drawn(_ run: (UInt64) -> ModelRun) -> [ModelRun] {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["VIBER_ROLLCALL_MODEL_RUNS"].flatMap { UInt64($0) } ?? 12
        let first = environment["VIBER_ROLLCALL_MODEL_SEED"].flatMap { UInt64($0) } ?? 1
        return (first..<first + count).map(run)
    }

    /// Runs a snapshot against a sandbox with the faults of the run, which logs its requests.
    private func taken(_ run: ModelRun, in directory: String) async throws -> ModelRun.Outcome {
        let outcome = try await Program.withSandbox(run.sandboxArguments + ["--log", directory + "/requests"]) {
            try await run.take(in: directory, of: $0)
        }
        print("model run \(run.testDescription): exit \(outcome.status.rawValue)")
        return outcome
    }

    @Test(arguments: runs)
    func `nothing is lost`(_ run: ModelRun) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await taken(run, in: directory)
            guard let path = outcome.path else {
                // Refused before the first id was sent: nothing is left.
                #expect(outcome.status != .complete)
                #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/reports") == [".work"])
                return
            }
            let expected: Set<ExitStatus> =
                run.isDoomed
                ? [.complete, .incomplete, .configuration, .temporary, .protocolViolation]
                : [.complete, .incomplete, .temporary, .protocolViolation]
            #expect(expected.contains(outcome.status))
            let checked = try await Checkers.check(path, ids: directory + "/ids")
            #expect(checked.code == 0, "\(checked.output)\(checked.error)")
            let searched = try await Checkers.find(Program.canary, in: [directory])
            #expect(searched.code == 0, "\(searched.output)")
        }
    }

    /// An id that makes each of its requests fail, in any way, is the only one without an answer.
    @Test(arguments: boundRuns)
    func `one ID costs no other`(_ run: ModelRun) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await taken(run, in: directory)
            #expect(outcome.status == .incomplete || outcome.status == .complete)
            let path = try #require(outcome.path)
            let checked = try await Checkers.check(path, ids: directory + "/ids")
            #expect(checked.code == 0, "\(checked.output)\(checked.error)")
            var unanswered: [String] = []
            try SnapshotReader(path).rows { id, outcome in
                if !outcome.isDefinite { unanswered.append(String(decoding: id, as: UTF8.self)) }
            }
            #expect(Set(unanswered).isSubset(of: run.bound), "\(unanswered)")
            let log = try Requests(directory + "/requests")
            // A random failure may split a part once more.
            let most = 14 * run.bound.count + 2 * log.failuresByChance(without: run.bound)
            #expect(log.parts(of: run.bound).count <= most)
        }
    }

    /// The requests to the sandbox, in order.
    private struct Requests {
        private struct Request: Decodable {
            var ids: Set<String>
            var answer: String
        }

        private let all: [Request]

        init(_ path: String) throws {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            all = try text.split(separator: "\n").map { try JSONDecoder().decode(Request.self, from: Data($0.utf8)) }
        }

        /// The distinct parts of the batches in which some ids were first requested.
        func parts(of bound: [String]) -> Set<Set<String>> {
            let batches = bound.compactMap { id in all.first { $0.ids.contains(id) }?.ids }
            return Set(all.map(\.ids).filter { ids in batches.contains { ids.isStrictSubset(of: $0) } })
        }

        func failuresByChance(without bound: [String]) -> Int {
            all.count { $0.answer != "ok" && $0.ids.isDisjoint(with: bound) }
        }
    }
}
