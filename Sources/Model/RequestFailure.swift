/// A failed request: the reason for its ids, and how to react.
package struct RequestFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The reason recorded for the ids of the request, unless a later request gets an answer.
    package var reason: FailureReason
    package var failureClass: FailureClass
    /// A message for the user. Never holds the token or raw server text.
    package var description: String
    /// How long the server asks to wait before the next request.
    package var retryAfter: Duration?
    /// How long all requests pause because of it, once that is decided; nil if the failure is not throttling.
    package var pause: Duration?
    /// Whether the body was a web page, sent by something between this program and the API.
    package var isWebPage = false
    package var requestCounts = RequestCounts()

    package init(reason: FailureReason, failureClass: FailureClass, description: String, retryAfter: Duration? = nil) {
        self.reason = reason
        self.failureClass = failureClass
        self.description = description
        self.retryAfter = retryAfter
    }

    /// How to react to a failed request.
    package enum FailureClass: Sendable, Hashable {
        /// A kept-alive connection turned out to be closed: not an error, and nothing was answered.
        case stale
        /// The same request may succeed soon. Unknown failures are of this class: slow is better than lost.
        case transient
        /// The API asks for fewer requests.
        case throttled
        /// The API refused this request; one with other ids may succeed.
        case batchRefused
        /// No request of this run can succeed.
        case fatal(FatalCause)
    }
}

/// The number of requests for one reply or failure: one, and more if it was retried.
package struct RequestCounts: Sendable, Hashable {
    /// Requests sent.
    package var requests = 1
    /// Requests among them that were answered with API status 12, HTTP 429 or 503.
    package var throttled = 0

    package init() {}

    package static func += (total: inout RequestCounts, more: RequestCounts) {
        total.requests += more.requests
        total.throttled += more.throttled
    }
}

/// Why no request of the run can succeed.
package enum FatalCause: Sendable, Hashable {
    /// The token was refused, or the account is blocked, suspended or unknown.
    case accessDenied
    /// TLS, a redirect, the URL or the account's settings: waiting does not fix it.
    case misconfigured
    /// The API never answers in its documented form.
    case protocolViolation
    /// No time is left, there was no answer for too long, or the API asks to wait longer than a run does. The next run
    /// may succeed.
    case temporary
}
