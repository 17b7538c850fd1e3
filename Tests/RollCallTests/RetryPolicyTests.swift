import Model
import RollCall
import TestSupport
import Testing

/// The table of what is tried again, and after how long.
@Suite struct RetryPolicyTests {
    struct Step: Sendable, CustomTestStringConvertible {
        var failureClass: RequestFailure.FailureClass
        /// Failures so far: transient, throttled, stale.
        var tries: (transient: Int, throttled: Int, stale: Int)
        /// The exact waits in seconds for a random number of 0, 0.5 and 1; nil is giving up.
        var waits: [Double?]

        var testDescription: String { "\(failureClass) after \(tries)" }
    }

    private static let none: [Double?] = [nil, nil, nil]

    @Test(arguments: [
        // Transient: full jitter below half a second, doubled each time, 6 requests in all.
        Step(failureClass: .transient, tries: (1, 0, 0), waits: [0, 0.25, 0.5]),
        Step(failureClass: .transient, tries: (2, 0, 0), waits: [0, 0.5, 1]),
        Step(failureClass: .transient, tries: (3, 0, 0), waits: [0, 1, 2]),
        Step(failureClass: .transient, tries: (4, 0, 0), waits: [0, 2, 4]),
        Step(failureClass: .transient, tries: (5, 0, 0), waits: [0, 4, 8]),
        Step(failureClass: .transient, tries: (6, 0, 0), waits: none),
        Step(failureClass: .transient, tries: (7, 0, 0), waits: none),
        // Throttled: never less than a second, and no attempt is used up.
        Step(failureClass: .throttled, tries: (0, 1, 0), waits: [1, 1.5, 2]),
        Step(failureClass: .throttled, tries: (0, 2, 0), waits: [1, 2, 3]),
        Step(failureClass: .throttled, tries: (0, 3, 0), waits: [1, 3, 5]),
        Step(failureClass: .throttled, tries: (0, 6, 0), waits: [1, 17, 33]),
        Step(failureClass: .throttled, tries: (0, 7, 0), waits: [1, 31, 61]),
        Step(failureClass: .throttled, tries: (5, 1_000, 0), waits: [1, 31, 61]),
        Step(failureClass: .transient, tries: (1, 9, 0), waits: [0, 0.25, 0.5]),
        // A kept connection that was closed: once at once and free, then as any other.
        Step(failureClass: .stale, tries: (0, 0, 1), waits: [0, 0, 0]),
        Step(failureClass: .stale, tries: (5, 0, 1), waits: [0, 0, 0]),
        Step(failureClass: .stale, tries: (0, 0, 2), waits: [0, 0.25, 0.5]),
        Step(failureClass: .stale, tries: (0, 0, 6), waits: [0, 4, 8]),
        Step(failureClass: .stale, tries: (0, 0, 7), waits: none),
        Step(failureClass: .transient, tries: (5, 0, 1), waits: [0, 4, 8]),
        Step(failureClass: .transient, tries: (5, 0, 2), waits: none),
        // What no repetition mends.
        Step(failureClass: .batchRefused, tries: (1, 0, 0), waits: none),
        Step(failureClass: .fatal(.accessDenied), tries: (1, 0, 0), waits: none),
        Step(failureClass: .fatal(.misconfigured), tries: (1, 0, 0), waits: none),
        Step(failureClass: .fatal(.protocolViolation), tries: (1, 0, 0), waits: none),
        Step(failureClass: .fatal(.temporary), tries: (1, 0, 0), waits: none),
    ])
    func `the decision follows the table`(_ step: Step) {
        let failure = RequestFailure(reason: .timeout, failureClass: step.failureClass, description: "")
        for (random, expected) in zip([0.0, 0.5, 1.0], step.waits) {
            let decision = RetryPolicy().decision(on: failure, after: tries(step.tries), random: random)
            #expect(decision == (expected.map { .retry(after: .seconds($0)) } ?? .stop))
        }
    }

    private func tries(_ counts: (transient: Int, throttled: Int, stale: Int)) -> RetryPolicy.FailureCounts {
        var tries = RetryPolicy.FailureCounts()
        (tries.transient, tries.throttled, tries.stale) = counts
        return tries
    }

    @Test(arguments: [
        // The server's wait wins where it is the longer one, with up to a tenth more.
        (5, 0.0, RetryPolicy.Decision.retry(after: .seconds(5))), (5, 1.0, .retry(after: .seconds(5.5))),
        (0, 0.0, .retry(after: .seconds(1))), (0, 1.0, .retry(after: .seconds(2))),
        (300, 0.0, .retry(after: .seconds(300))), (301, 0.0, .retryAfterExceedsLimit(.seconds(301))),
        (86_400, 0.5, .retryAfterExceedsLimit(.seconds(86_400))),
    ])
    func `retry after is obeyed`(_ seconds: Int, _ random: Double, _ decision: RetryPolicy.Decision) {
        let failure = RequestFailure(
            reason: .http(429), failureClass: .throttled, description: "", retryAfter: .seconds(seconds))
        #expect(RetryPolicy().decision(on: failure, after: tries((0, 1, 0)), random: random) == decision)
    }

    /// The batch waits for as long as everybody else; only when it is refused again it waits for longer.
    @Test(arguments: [(1, 1_700, 0.9), (2, 2_800, 0.9), (3, 4_600, 0.9), (1, 1_700, 0), (2, 1_700, 0.1)])
    func `a throttled batch waits for the common pause`(_ throttled: Int, _ milliseconds: Int, _ random: Double) {
        var failure = RequestFailure(reason: .api(12), failureClass: .throttled, description: "")
        // By whoever sent the request, with a chance of its own.
        failure.pause = RetryPolicy().pause(after: failure, random: 0.7)
        #expect(failure.pause == .milliseconds(1_700))
        let decision = RetryPolicy().decision(on: failure, after: tries((0, throttled, 0)), random: random)
        #expect(decision == .retry(after: .milliseconds(milliseconds)))
    }

    /// Nothing is sent against a server's wish, though the batch that was told so is given up for want of time.
    @Test func `the time remaining does not change the pause`() {
        let failure = RequestFailure(
            reason: .http(429), failureClass: .throttled, description: "", retryAfter: .seconds(40))
        let policy = RetryPolicy(timeRemaining: .seconds(10))
        #expect(policy.pause(after: failure, random: 0.5) == .seconds(42))
        #expect(
            policy.decision(on: failure, after: tries((0, 1, 0)), random: 0.5) == .retryAfterExceedsLimit(.seconds(40)))
        let transient = RequestFailure(reason: .timeout, failureClass: .transient, description: "")
        #expect(policy.pause(after: transient, random: 0.5) == .zero)
    }

    /// A wait within a pass that looked like a break between passes would hide that nothing is answered any more.
    @Test func `no wait exceeds the longest one`() {
        for (retryAfter, tries) in [(300, tries((0, 1, 0))), (nil, tries((0, 99, 0))), (nil, tries((5, 0, 0)))] {
            var failure = RequestFailure(
                reason: .http(429), failureClass: tries.throttled > 0 ? .throttled : .transient, description: "")
            failure.retryAfter = retryAfter.map { .seconds($0) }
            guard case .retry(let wait) = RetryPolicy().decision(on: failure, after: tries, random: 1) else {
                Issue.record("given up")
                continue
            }
            #expect(wait <= RetryPolicy.longestWait)
        }
        #expect(RetryPolicy.longestWait == .seconds(330))
    }

    @Test func `failures are counted by class`() {
        var tries = RetryPolicy.FailureCounts()
        for failureClass: RequestFailure.FailureClass in [.transient, .throttled, .throttled, .stale, .stale, .stale] {
            tries.count(RequestFailure(reason: .timeout, failureClass: failureClass, description: ""))
        }
        #expect((tries.transient, tries.throttled, tries.stale, tries.total) == (1, 2, 3, 6))
    }

    /// Waits of 10,000 first failures are spread evenly: the Kolmogorov-Smirnov distance to the uniform distribution.
    @Test func `jitter is uniform`() {
        var random = SeededRandom(seed: 9)
        let failure = RequestFailure(reason: .timeout, failureClass: .transient, description: "")
        let waits = (0..<10_000).compactMap { _ -> Double? in
            let decision = RetryPolicy().decision(
                on: failure, after: tries((3, 0, 0)), random: Double.random(in: 0..<1, using: &random))
            guard case .retry(let wait) = decision else { return nil }
            return wait / .seconds(2)
        }.sorted()
        #expect(waits.count == 10_000)
        let distance = waits.enumerated().map { abs(Double($0.offset) / 10_000 - $0.element) }.max() ?? 1
        #expect(distance < 0.02)
    }
}
