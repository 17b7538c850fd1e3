import Model

/// The `status` in the body of a response. The API reports errors as HTTP 200 with a number other than 0 here.
///
/// Names: Viber REST API, "Error Codes"; 18 from an older version of that page. Undocumented codes are kept.
package struct StatusCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let ok = StatusCode(rawValue: 0)
    package static let invalidAuthToken = StatusCode(rawValue: 2)
    package static let badData = StatusCode(rawValue: 3)
    package static let missingData = StatusCode(rawValue: 4)
    package static let tooManyRequests = StatusCode(rawValue: 12)

    private static let names = [
        "ok", "invalidUrl", "invalidAuthToken", "badData", "missingData", "receiverNotRegistered",
        "receiverNotSubscribed", "publicAccountBlocked", "publicAccountNotFound", "publicAccountSuspended",
        "webhookNotSet", "receiverNoSuitableDevice", "tooManyRequests", "apiVersionNotSupported",
        "incompatibleWithVersion", "publicAccountNotAuthorized", "inchatReplyMessageNotAllowed",
        "publicAccountIsNotInline", "noPublicChat", "cannotSendBroadcast", "broadcastNotAllowed", "unsupportedCountry",
        "paymentUnsupported", "freeMessagesExceeded", "noBalance",
    ]

    /// The documented name, or nil.
    package var name: String? { Self.names.indices.contains(rawValue) ? Self.names[rawValue] : nil }

    package var description: String { "\(rawValue) (\(name ?? "undocumented"))" }

    /// How a run handles this code.
    var failureClass: RequestFailure.FailureClass {
        switch rawValue {
        case 2, 7, 8, 9, 15: .fatal(.accessDenied)
        case 1, 10: .fatal(.misconfigured)
        case 3, 4, 5, 6, 11: .batchRefused
        case 12: .throttled
        default: .transient
        }
    }

    /// The reason that is recorded for the ids of the request.
    var reason: FailureReason {
        switch self {
        case .badData: .badData
        case .missingData: .missingData
        default: .api(rawValue)
        }
    }

    /// What the user can do about it, to append to a message; empty if there is nothing.
    var advice: String {
        switch rawValue {
        case 2: "; check the token: the bot's page at partners.viber.com shows it"
        case 7, 9: "; ask Viber support about the account"
        case 8, 15: "; the token does not belong to a bot that may use this API"
        case 10: "; set a webhook for the bot first"
        default: ""
        }
    }
}
