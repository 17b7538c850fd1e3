import Model
import Testing

@Suite struct OnlineStatusTests {
    @Test(arguments: [
        (0, "online", true), (1, "offline", true), (2, "undisclosed", true), (3, "tryLater", false),
        (4, "unavailable", true), (5, "unknown", false), (-1, "unknown", false), (Int64.max, "unknown", false),
        (Int64.min, "unknown", false),
    ])
    func `name and definiteness follow the number`(number: Int64, name: String, isDefinite: Bool) {
        let status = OnlineStatus(rawValue: number)
        #expect(status.name == name)
        #expect(status.isDefinite == isDefinite)
        #expect(status.rawValue == number)
    }
}

@Suite struct OutcomeTests {
    @Test(arguments: [
        (Outcome.notAsked, "not_asked"), (.notReturned, "not_returned"), (.failed(.badData), "failed:badData"),
        (.failed(.http(503)), "failed:http_503"), (.failed(.api(12)), "failed:api_12"),
        (.failed(.protocolError), "failed:protocol"),
    ])
    func `without an answer the error gives the reason`(outcome: Outcome, text: String) {
        #expect(outcome.errorText == text)
        #expect(!outcome.isDefinite)
    }

    @Test(arguments: [(0, true), (3, false), (4, true), (77, false)] as [(Int64, Bool)])
    func `an answer has no error and is as definite as its status`(number: Int64, isDefinite: Bool) {
        let outcome = answered(number)
        #expect(outcome.errorText.isEmpty)
        #expect(outcome.isDefinite == isDefinite)
    }
}

@Suite struct IDStateTests {
    @Test func `a new state has no request`() {
        #expect(IDState().outcome == .notAsked)
        #expect(IDState().attempts == 0)
    }

    @Test(arguments: [Outcome.notReturned, .failed(.timeout), .failed(.api(3)), .notAsked])
    func `a failure does not replace an answer`(failure: Outcome) {
        var entry = IDState()
        entry.record(answered(3, at: 10), requests: 1)
        entry.record(failure, requests: 4)
        #expect(entry == IDState(outcome: answered(3, at: 10), attempts: 5))
    }

    @Test func `a later answer replaces an earlier one`() {
        var entry = IDState()
        entry.record(answered(3, at: 10), requests: 1)
        entry.record(answered(4, at: 20), requests: 1)
        #expect(entry == IDState(outcome: answered(4, at: 20), attempts: 2))
        entry.record(answered(3, at: 30), requests: 1)
        #expect(entry == IDState(outcome: answered(3, at: 30), attempts: 3))
    }

    @Test(arguments: [Outcome.notAsked, .notReturned, .failed(.connection)])
    func `an answer replaces a failure`(failure: Outcome) {
        var entry = IDState(outcome: failure, attempts: 2)
        entry.record(answered(0), requests: 1)
        #expect(entry == IDState(outcome: answered(0), attempts: 3))
    }

    @Test func `the later of two failures is kept`() {
        var entry = IDState()
        entry.record(.failed(.timeout), requests: 3)
        entry.record(.notReturned, requests: 1)
        #expect(entry == IDState(outcome: .notReturned, attempts: 4))
        entry.record(.failed(.conflict), requests: 0)
        #expect(entry == IDState(outcome: .failed(.conflict), attempts: 4))
    }
}

/// An answer of one status.
func answered(_ number: Int64, at milliseconds: Int64 = 0) -> Outcome {
    .answered(
        StatusAnswer(
            status: OnlineStatus(rawValue: number),
            lastOnline: nil,
            checkedAt: Timestamp(milliseconds: milliseconds)
        ))
}
