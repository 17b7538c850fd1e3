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
        ] as [(Int, RequestFailure.FailureClass)])
    func `every HTTP status has its failure class`(_ code: Int, _ failureClass: RequestFailure.FailureClass) {
        let failure = failure(.http(code, retryAfter: nil))
        #expect(failure.failureClass == failureClass)
        #expect(failure.reason == .http(code))
        #expect(failure.description.hasPrefix("api.example answered HTTP \(code)"))
        #expect(failure.requestCounts.requests == 1)
        #expect(failure.requestCounts.throttled == (code == 429 || code == 503 ? 1 : 0))
    }

    @Test(
        arguments: [
            (400, .batchRefused), (401, .fatal(.accessDenied)), (404, .fatal(.misconfigured)), (408, .transient),
            (413, .batchRefused), (429, .throttled), (500, .transient), (502, .transient), (503, .throttled),
        ] as [(Int, RequestFailure.FailureClass)],
        [Duration.zero, .seconds(7), .seconds(86_400)])
    func `a retry-after is passed on and makes 503 throttling`(
        _ status: (code: Int, failureClass: RequestFailure.FailureClass), _ wait: Duration
    ) {
        let failure = failure(.http(status.code, retryAfter: wait))
        #expect(failure.failureClass == status.failureClass)
        #expect(failure.reason == .http(status.code))
        #expect(failure.retryAfter == wait)
        #expect(failure.requestCounts.throttled == (status.code == 429 || status.code == 503 ? 1 : 0))
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
            (
                .invalidResponse("no JSON"), .protocolError, .transient,
                "api.example answered with an invalid response: no JSON"
            ),
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
                "api.example answered status 77 (undocumented)"
            ),
        ] as [(ViberError, FailureReason, RequestFailure.FailureClass, String)])
    func `every error has its description`(
        _ error: ViberError, _ reason: FailureReason, _ failureClass: RequestFailure.FailureClass, _ description: String
    ) {
        let failure = failure(error)
        #expect(failure.reason == reason)
        #expect(failure.failureClass == failureClass)
        #expect(failure.description == description)
        #expect(failure.isWebPage == (error == .webPage("<p>")))
        #expect(failure.requestCounts.throttled == 0)
        #expect(failure.retryAfter == nil)
    }

    @Test func `status 12 counts as throttled`() {
        #expect(failure(.api(.tooManyRequests, message: "Too many requests")).requestCounts.throttled == 1)
    }

    /// A broken connection, and a request that was cancelled because the run stops.
    @Test(arguments: ["the connection failed", "the request was cancelled"])
    func `a broken connection is transient`(_ what: String) throws {
        let text = RedactedText(hiding: try ViberClientTests.token)
        let failure = failure(ViberError(.connection(what), text, now: ViberClientTests.time))
        #expect(failure.reason == .connection)
        #expect(failure.failureClass == .transient)
        #expect(failure.description == "no answer from api.example: \(what)")
    }

    /// Values that the server chose are sanitized.
    @Test(arguments: [
        (nil, "another address"), ("/pa/get_online", "another address"),
        ("https://b.example/x?t=SECRET#y", "https://b.example"),
        ("https://\(Program.canary.uppercased()).example", "https://<token>.example"),
    ])
    func `a redirect names its host and nothing else`(_ location: String?, _ target: String) throws {
        let text = RedactedText(hiding: try ViberClientTests.token)
        let error = ViberError(.status(302, .init(location: location)), text, now: ViberClientTests.time)
        #expect(error == .redirected(to: target))
    }
}
