/// The reason a request got no response with HTTP status 200. It never contains the text of a library error.
package enum HTTPError: Error, Sendable, Equatable {
    /// No connection, or a broken one, with a description.
    case connection(String)
    case timedOut(String)
    case tls(String)
    /// The host of a plain http URL is not this machine; with its address.
    case notLoopback(String)
    /// The connection was closed before the first byte of a response.
    case stale
    /// The response is not HTTP, or its body is too long; with a description.
    case invalidResponse(String)
    /// A response with a status other than 200.
    case status(Int, Headers)

    /// The headers of such a response that matter, unchanged: the server chose their values, so they are not trusted.
    package struct Headers: Sendable, Equatable {
        /// The `Location` of a redirect.
        package var location: String?
        /// The values of all `Retry-After` headers.
        package var retryAfter: [String]

        package init(location: String? = nil, retryAfter: [String] = []) {
            self.location = location
            self.retryAfter = retryAfter
        }
    }

    package static let truncated = connection("the connection was closed in the middle of the response")
    static let notHTTP = invalidResponse("it is not HTTP")
}
