import Model
import Testing

@testable import ViberAPI

@Suite struct StatusCodeTests {
    @Test(arguments: [
        (0, "ok"), (1, "invalidUrl"), (2, "invalidAuthToken"), (3, "badData"), (4, "missingData"),
        (5, "receiverNotRegistered"), (6, "receiverNotSubscribed"), (7, "publicAccountBlocked"),
        (8, "publicAccountNotFound"), (9, "publicAccountSuspended"), (10, "webhookNotSet"),
        (11, "receiverNoSuitableDevice"), (12, "tooManyRequests"), (13, "apiVersionNotSupported"),
        (14, "incompatibleWithVersion"), (15, "publicAccountNotAuthorized"), (16, "inchatReplyMessageNotAllowed"),
        (17, "publicAccountIsNotInline"), (18, "noPublicChat"), (19, "cannotSendBroadcast"),
        (20, "broadcastNotAllowed"), (21, "unsupportedCountry"), (22, "paymentUnsupported"),
        (23, "freeMessagesExceeded"), (24, "noBalance"),
    ])
    func `has the documented name`(_ code: Int, _ name: String) {
        #expect(StatusCode(rawValue: code).name == name)
        #expect(StatusCode(rawValue: code).description == "\(code) (\(name))")
    }

    @Test(arguments: [25, 99, 999, -1, Int.max, Int.min])
    func `keeps an undocumented code`(_ code: Int) {
        #expect(StatusCode(rawValue: code).name == nil)
        #expect(StatusCode(rawValue: code).description == "\(code) (undocumented)")
        #expect(StatusCode(rawValue: code).failureClass == .transient)
        #expect(StatusCode(rawValue: code).reason == .api(code))
    }

    @Test(
        arguments: [
            (1, .fatal(.misconfigured)), (2, .fatal(.accessDenied)), (3, .batchRefused), (4, .batchRefused),
            (5, .batchRefused), (6, .batchRefused), (7, .fatal(.accessDenied)), (8, .fatal(.accessDenied)),
            (9, .fatal(.accessDenied)), (10, .fatal(.misconfigured)), (11, .batchRefused), (12, .throttled),
            (15, .fatal(.accessDenied)), (13, .transient), (14, .transient), (18, .transient), (24, .transient),
        ] as [(Int, RequestFailure.FailureClass)])
    func `has one failure class`(_ code: Int, _ failureClass: RequestFailure.FailureClass) {
        #expect(StatusCode(rawValue: code).failureClass == failureClass)
    }

    @Test(
        arguments: [
            (3, .badData), (4, .missingData), (2, .api(2)), (5, .api(5)), (12, .api(12)), (15, .api(15)),
        ] as [(Int, FailureReason)])
    func `gives its ids one reason`(_ code: Int, _ reason: FailureReason) {
        #expect(StatusCode(rawValue: code).reason == reason)
    }

    @Test(arguments: [2, 7, 8, 9, 10, 15])
    func `advises the user where possible`(_ code: Int) {
        let failure = ViberError.api(StatusCode(rawValue: code), message: "").requestFailure(host: "a.example")
        #expect(failure.description.hasPrefix("a.example answered status \(code) ("))
        #expect(failure.description.contains("; "))
    }
}
