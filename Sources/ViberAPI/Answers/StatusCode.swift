import Model

/// The `status` of an answer's body. Errors come as HTTP 200 with a number here that is not 0.
///
/// Names: Viber REST API, "Error Codes"; 18 from an older page of the same. Codes nobody documented are kept.
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

    package var description: String { "\(rawValue) (\(name ?? "no documented code"))" }

    /// What an answer with this code calls for.
    var failureClass: RequestFailure.FailureClass {
        switch rawValue {
        case 2, 7, 8, 9, 15: .fatal(.accessDenied)
        case 1, 10: .fatal(.misconfigured)
        case 3, 4, 5, 6, 11: .batchRefused
        case 12: .throttled
        default: .transient
        }
    }

    /// What the ids of a request with this answer are recorded as.
    var reason: FailureReason {
        switch self {
        case .badData: .badData
        case .missingData: .missingData
        default: .api(rawValue)
        }
    }

    /// What the user can do about it.
    var advice: String {
        switch rawValue {
        case 2: "; check the token: the bot's page at partners.viber.com shows it"
        case 7, 9: "; ask Viber support about the account"
        case 8, 15: "; the token belongs to no bot that may use this API"
        case 10: "; set a webhook for the bot first"
        default: ""
        }
    }
}
