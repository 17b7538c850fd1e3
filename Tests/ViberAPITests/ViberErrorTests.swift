import HTTP
import Model
import TestSupport
import Testing

@testable import ViberAPI

@Suite struct ViberErrorTests {
    private func failure(_ error: ViberError) -> RequestFailure { error.requestFailure(host: "api.example") }

    @Test(
        arguments: [
            (400, .batchRefused), (401, .fatal(.accessDenied)), (403, .fatal(.accessDenied)),
            (404, .fatal(.misconfigured)), (405, .fatal(.misconfigured)), (408, .transient),
            (410, .fatal(.misconfigured)), (413, .batchRefused), (414, .batchRefused), (418, .batchRefused),
            (422, .batchRefused), (425, .transient), (429, .throttled), (451, .batchRefused), (500, .transient),
            (502, .transient), (503, .transient), (504, .transient), (520, .transient), (524, .transient),
            (599, .transient), (204, .transient), (206, .transient), (999, .transient),
        ] as [(Int, RequestFailure.Handling)])
    func everyHTTPStatusHasItsHandling(_ code: Int, _ handling: RequestFailure.Handling) {
        let failure = failure(.http(code, retryAfter: nil))
        #expect(failure.handling == handling)
        #expect(failure.reason == .http(code))
        #expect(failure.description.hasPrefix("api.example answered HTTP \(code)"))
        #expect(failure.effort.requests == 1)
        #expect(failure.effort.throttled == (code == 429 || code == 503 ? 1 : 0))
    }

    @Test(
        arguments: [
            (400, .batchRefused), (401, .fatal(.accessDenied)), (404, .fatal(.misconfigured)), (408, .transient),
            (413, .batchRefused), (429, .throttled), (500, .transient), (502, .transient), (503, .throttled),
        ] as [(Int, RequestFailure.Handling)],
        [Duration.zero, .seconds(7), .seconds(86_400)])
    func aTimeToWaitIsHandedOnAndMakes503ACallForFewerRequests(
        _ status: (code: Int, handling: RequestFailure.Handling), _ wait: Duration
    ) {
        let failure = failure(.http(status.code, retryAfter: wait))
        #expect(failure.handling == status.handling)
        #expect(failure.reason == .http(status.code))
        #expect(failure.retryAfter == wait)
        #expect(failure.effort.throttled == (status.code == 429 || status.code == 503 ? 1 : 0))
    }

    @Test(
        arguments: [
            (.connection("refused"), .connection, .transient, "no answer from api.example: refused"),
            (.timedOut("late"), .timeout, .transient, "no answer from api.example: late"),
            (.tls("bad"), .connection, .fatal(.misconfigured), "no secure connection to api.example: bad"),
            (
                .redirected(to: "https://b.example"), .protocolError, .fatal(.misconfigured),
                "api.example redirected to https://b.example; refusing to send the token there. Check --base-url"
            ),
            (.stale, .connection, .stale, "no answer from api.example: the server closed the connection"),
            (.unusable("no JSON"), .protocolError, .transient, "api.example answered nonsense: no JSON"),
            (.webPage("<p>"), .protocolError, .transient, "api.example answered with a web page, not JSON ('<p>')"),
            (
                .api(.badData, message: "badData"), .badData, .batchRefused, "api.example answered status 3 (badData)"
            ),
            (
                .api(.badData, message: "bad json"), .badData, .batchRefused,
                "api.example answered status 3 (badData), 'bad json'"
            ),
            (
                .api(.init(rawValue: 77), message: ""), .api(77), .transient,
                "api.example answered status 77 (no documented code)"
            ),
        ] as [(ViberError, FailureReason, RequestFailure.Handling, String)])
    func everyErrorSaysWhatItMeans(
        _ error: ViberError, _ reason: FailureReason, _ handling: RequestFailure.Handling, _ description: String
    ) {
        let failure = failure(error)
        #expect(failure.reason == reason)
        #expect(failure.handling == handling)
        #expect(failure.description == description)
        #expect(failure.isWebPage == (error == .webPage("<p>")))
        #expect(failure.effort.throttled == 0)
        #expect(failure.retryAfter == nil)
    }

    @Test func anAnswerTwelveCountsAsThrottled() {
        #expect(failure(.api(.tooManyRequests, message: "Too many requests")).effort.throttled == 1)
    }

    /// A connection that broke, and one that was given up because the run stops.
    @Test(arguments: ["the connection failed", "stopped before the answer came"])
    func aBrokenConnectionIsTransient(_ what: String) throws {
        let text = ServerText(hiding: try ViberClientTests.token)
        let failure = failure(ViberError(.connection(what), text, now: ViberClientTests.time))
        #expect(failure.reason == .connection)
        #expect(failure.handling == .transient)
        #expect(failure.description == "no answer from api.example: \(what)")
    }

    /// What a server says in a header is put into words with care.
    @Test(arguments: [
        (nil, "another address"), ("/pa/get_online", "another address"),
        ("https://b.example/x?t=SECRET#y", "https://b.example"),
        ("https://\(Program.canary.uppercased()).example", "https://<token>.example"),
    ])
    func aRedirectNamesItsHostAndNothingElse(_ location: String?, _ told: String) throws {
        let text = ServerText(hiding: try ViberClientTests.token)
        let error = ViberError(.status(302, .init(location: location)), text, now: ViberClientTests.time)
        #expect(error == .redirected(to: told))
    }
}
