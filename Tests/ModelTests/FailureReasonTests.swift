import Model
import Testing

@Suite struct FailureReasonTests {
    @Test(arguments: [
        (FailureReason.badData, "badData"), (.missingData, "missingData"), (.timeout, "timeout"),
        (.connection, "connection"), (.http(0), "http_0"), (.http(429), "http_429"), (.http(503), "http_503"),
        (.api(1), "api_1"), (.api(12), "api_12"), (.api(-7), "api_-7"), (.api(Int.max), "api_9223372036854775807"),
        (.protocolError, "protocol"), (.badStatus, "bad_status"), (.conflict, "conflict"),
    ])
    func `every reason has a text that is read back`(reason: FailureReason, text: String) {
        #expect(reason.text == text)
        #expect(FailureReason(text) == reason)
    }

    @Test(arguments: [
        "", "baddata", "BadData", "badData ", " badData", "badStatus", "protocolError", "http", "http_", "http_x",
        "http_50x", "http_ 503", "http_+503", "http_0503", "http_5.0", "http_9223372036854775808", "HTTP_503", "api_",
        "api_-", "api_+1", "api_01", "api_-0", "api_١", "not_returned", "failed:timeout",
    ])
    func `any other text is not a reason`(text: String) { #expect(FailureReason(text) == nil) }
}
