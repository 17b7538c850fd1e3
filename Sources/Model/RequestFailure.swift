/// One request that brought no answers: what it means for its ids, and what to do about it.
package struct RequestFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What the ids of the request are recorded as, if nothing better comes.
    package var reason: FailureReason
    package var failureClass: FailureClass
    /// A sentence for people: what happened and to what. Never holds the token or raw server text.
    package var description: String
    /// How long the server asks to wait before the next request.
    package var retryAfter: Duration?
    /// How long nothing is sent because of it, once that is decided; nil if it does not ask for fewer requests.
    package var pause: Duration?
    /// Whether a web page came in place of the answer: something between us and the API answers for it.
    package var isWebPage = false
    package var requestCounts = RequestCounts()

    package init(reason: FailureReason, failureClass: FailureClass, description: String, retryAfter: Duration? = nil) {
        self.reason = reason
        self.failureClass = failureClass
        self.description = description
        self.retryAfter = retryAfter
    }

    /// What a failed request calls for.
    package enum FailureClass: Sendable, Hashable {
        /// A connection that had been kept open turned out to be closed: nothing is wrong, and nothing was answered.
        case stale
        /// The same request may succeed in a moment. Whatever nobody listed is of this kind: slow beats lost.
        case transient
        /// The API asks for fewer requests.
        case throttled
        /// The request itself was refused; another one may do better.
        case batchRefused
        /// No request of this run can succeed.
        case fatal(FatalCause)
    }
}

/// What one answer, or the lack of it, took: a request, and more if it was retried.
package struct RequestCounts: Sendable, Hashable {
    /// Requests sent.
    package var requests = 1
    /// Of these, answers 12, 429 and 503.
    package var throttled = 0

    package init() {}

    package static func += (total: inout RequestCounts, more: RequestCounts) {
        total.requests += more.requests
        total.throttled += more.throttled
    }
}

/// Why no request of a run can succeed.
package enum FatalCause: Sendable, Hashable {
    /// The token was refused, or the account is blocked, suspended or unknown.
    case accessDenied
    /// TLS, redirect, URL or account set-up: nothing that waiting mends.
    case misconfigured
    /// The API answers, and never with what it is documented to answer.
    case protocolViolation
    /// No time, no answer for too long, or the API asks to wait for longer than a run does: the next run may do better.
    case temporary
}
