import Model
import RollCall
import Testing

@Suite struct RetryPolicyTests {
    struct Step: Sendable, CustomTestStringConvertible {
        var handling: RequestFailure.Handling
        var attempt: Int
        /// The exact waits for a random number of 0, 0.5 and 1.
        var waits: [Duration?]

        var testDescription: String { "\(handling) after \(attempt)" }
    }

    private static let none: [Duration?] = [nil, nil, nil]

    @Test(arguments: [
        Step(handling: .transient, attempt: 1, waits: [.zero, .milliseconds(250), .milliseconds(500)]),
        Step(handling: .transient, attempt: 2, waits: [.zero, .milliseconds(500), .seconds(1)]),
        Step(handling: .transient, attempt: 3, waits: [.zero, .seconds(1), .seconds(2)]),
        Step(handling: .transient, attempt: 4, waits: [.zero, .seconds(2), .seconds(4)]),
        Step(handling: .transient, attempt: 5, waits: [.zero, .seconds(4), .seconds(8)]),
        Step(handling: .transient, attempt: 6, waits: none),
        Step(handling: .transient, attempt: 7, waits: none),
        Step(handling: .throttled, attempt: 1, waits: [.seconds(1), .milliseconds(1_500), .seconds(2)]),
        Step(handling: .throttled, attempt: 2, waits: [.seconds(1), .seconds(2), .seconds(3)]),
        Step(handling: .throttled, attempt: 3, waits: [.seconds(1), .seconds(3), .seconds(5)]),
        Step(handling: .throttled, attempt: 4, waits: [.seconds(1), .seconds(5), .seconds(9)]),
        Step(handling: .throttled, attempt: 5, waits: [.seconds(1), .seconds(9), .seconds(17)]),
        Step(handling: .throttled, attempt: 6, waits: none),
        Step(handling: .batchRefused, attempt: 1, waits: none),
        Step(handling: .batchRefused, attempt: 5, waits: none),
        Step(handling: .fatal(.accessDenied), attempt: 1, waits: none),
        Step(handling: .fatal(.misconfigured), attempt: 1, waits: none),
    ])
    func theWaitIsKnown(_ step: Step) {
        let failure = RequestFailure(reason: .timeout, handling: step.handling, description: "")
        for (random, expected) in zip([0.0, 0.5, 1.0], step.waits) {
            #expect(RetryPolicy().wait(after: failure, attempt: step.attempt, random: random) == expected)
        }
    }

    @Test(arguments: [
        (RequestFailure.Handling.transient, 6, Duration.seconds(16)),
        (.transient, 7, .seconds(30)),
        (.transient, 60, .seconds(30)),
        (.transient, 1_000, .seconds(30)),
        (.throttled, 6, .seconds(33)),
        (.throttled, 7, .seconds(61)),
        (.throttled, 1_000, .seconds(61)),
    ])
    func theWaitHasALimit(_ handling: RequestFailure.Handling, _ attempt: Int, _ longest: Duration) {
        var policy = RetryPolicy()
        policy.attempts = 2_000
        let failure = RequestFailure(reason: .timeout, handling: handling, description: "")
        #expect(policy.wait(after: failure, attempt: attempt, random: 1) == longest)
    }

    @Test func theReasonOfAFailureDoesNotMatter() {
        for reason: FailureReason in [.connection, .http(503), .api(999), .protocolError, .badData] {
            let failure = RequestFailure(reason: reason, handling: .transient, description: "")
            #expect(RetryPolicy().wait(after: failure, attempt: 1, random: 1) == .milliseconds(500))
        }
    }
}
