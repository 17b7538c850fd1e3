/// Why a request got no response with HTTP status 200. It never carries the text of a library error.
package enum HTTPError: Error, Sendable, Equatable {
    /// No connection, or one that broke. Holds what happened.
    case connection(String)
    case timedOut(String)
    case tls(String)
    /// The host of a plain http URL is not this machine. Holds its address.
    case notLoopback(String)
    /// A connection that was closed before the first byte of an answer.
    case stale
    /// The answer is not HTTP, or longer than an answer may be. Holds what is wrong.
    case invalidResponse(String)
    /// An answer with another status than 200.
    case status(Int, Headers)

    /// What such an answer says beside its status, as it stands there: the server chose it, so it is not to be trusted.
    package struct Headers: Sendable, Equatable {
        /// Of a redirect.
        package var location: String?
        /// Every `Retry-After`.
        package var retryAfter: [String]

        package init(location: String? = nil, retryAfter: [String] = []) {
            self.location = location
            self.retryAfter = retryAfter
        }
    }

    package static let truncated = connection("the connection was closed in the middle of the answer")
    static let notHTTP = invalidResponse("it is not HTTP")
}
