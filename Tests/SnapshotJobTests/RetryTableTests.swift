import Model
import RollCall
import SnapshotJob
import TestSupport
import Testing

import enum SnapshotJob.ExitStatus

@testable import ViberAPI

/// How every kind of failure is handled, as one table.
@Suite struct RetryTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var members: [ViberError]
        /// Seconds before each retry, with a jitter of one half.
        var waits: [Double]
        /// Whether the last wait repeats forever.
        var repeatsForever = false
        /// The exit status of the run; nil if it continues with other batches.
        var exit: ExitStatus?
        /// Whether the batch is split.
        var isSplit = false

        var testDescription: String { name }
    }

    private static func api(_ codes: Int...) -> [ViberError] {
        codes.map { .api(StatusCode(rawValue: $0), message: "") }
    }

    private static func http(_ codes: Int...) -> [ViberError] { codes.map { .http($0, retryAfter: nil) } }

    private static let table = [
        Row(
            name: "Throttle: the API asks for fewer requests",
            members: http(429) + api(12), waits: [1.5, 2, 3, 5, 9, 17, 31, 31], repeatsForever: true),
        Row(
            name: "Throttle, with a time to wait",
            members: [.http(429, retryAfter: .seconds(40)), .http(503, retryAfter: .seconds(40))],
            waits: [42, 42, 42], repeatsForever: true),
        Row(
            name: "Throttle, with a time to wait that a run does not have",
            members: [.http(429, retryAfter: .seconds(301)), .http(503, retryAfter: .seconds(86_400))],
            waits: [], exit: .temporary),
        Row(
            name: "Stale: a kept connection was closed; the first is free",
            members: [.stale], waits: [0, 0.25, 0.5, 1, 2, 4]),
        Row(
            name: "Transient: six requests in all",
            members: http(408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 599, 204, 206, 999)
                + api(13, 14, 16, 17, 18, 24, 99, -1)
                + [.connection("reset"), .timedOut("late"), .invalidResponse("no JSON"), .webPage("<html>")],
            waits: [0.25, 0.5, 1, 2, 4]),
        Row(
            name: "Batch-bad: the request was refused",
            members: http(400, 413, 414, 418, 422, 451) + api(3, 4, 5, 6, 11), waits: [], isSplit: true),
        Row(
            name: "Fatal: the token or the account",
            members: http(401, 403) + api(2, 7, 8, 9, 15), waits: [], exit: .accessDenied),
        Row(
            name: "Fatal: the set-up",
            members: http(404, 405, 410) + api(1, 10) + [.redirected(to: "http://b.example"), .tls("expired")],
            waits: [], exit: .configuration),
    ]

    @Test(arguments: table)
    func `the table holds`(_ row: Row) async {
        for member in row.members {
            let failure = member.requestFailure(host: "api.example")
            let clock = StepClock()
            let loop = RetryLoop(
                clock: clock,
                decide: { failure, tries in
                    // A test cannot retry forever, and a loop that should end may not.
                    if tries.total > row.waits.count + (row.repeatsForever ? 0 : 3) { return .stop }
                    return RetryPolicy().decision(on: failure, after: tries, random: 0.5)
                })
            var spent = RequestCounts()
            spent.requests = 0
            let last = await #expect(throws: RequestFailure.self) {
                try await loop.run(spent: &spent) { () async throws(RequestFailure) -> Int in throw failure }
            }
            #expect(spent.requests == row.waits.count + 1, "\(member)")
            #expect(clock.sleeps.map { $0 / .seconds(1) } == row.waits.filter { $0 > 0 }, "\(member)")
            #expect((last?.failureClass == .batchRefused) == row.isSplit, "\(member)")
            if case .fatal = last?.failureClass {
                #expect(last.map { ExitStatus(of: $0) } == row.exit, "\(member)")
            } else {
                #expect(row.exit == nil, "\(member)")
            }
        }
    }
}
