import HTTP
import Model

/// All errors of one request.
enum ViberError: Error, Sendable, Equatable {
    /// No connection, or a broken one, with a description.
    case connection(String)
    case timedOut(String)
    case tls(String)
    /// The host of a plain http URL is not this machine; with its address.
    case notLoopback(String)
    case redirected(to: String)
    /// The connection was closed before the first byte of a response.
    case stale
    case http(Int, retryAfter: Duration?)
    case api(StatusCode, message: String)
    /// The body is not a response of the API; with a description.
    case invalidResponse(String)
    /// The body is a web page; with its first bytes, sanitized.
    case webPage(String)

    static let ambiguousStatus = invalidResponse("the body has two keys 'status' that differ")
}

extension ViberError {
    /// - Parameters:
    ///   - error: the error of the HTTP client.
    ///   - text: sanitizes what the server sent.
    ///   - now: the wall clock, for a `Retry-After` that is a date.
    init(_ error: HTTPError, _ text: RedactedText, now: Timestamp) {
        switch error {
        case .connection(let what): self = .connection(what)
        case .timedOut(let what): self = .timedOut(what)
        case .tls(let what): self = .tls(what)
        case .notLoopback(let address): self = .notLoopback(address)
        case .stale: self = .stale
        case .invalidResponse(let what): self = .invalidResponse(what)
        case .status(300..<400, let headers):
            self = .redirected(to: text.sanitized(Self.origin(of: headers.location ?? "")))
        case .status(let code, let headers):
            self = .http(code, retryAfter: RetryAfter.wait(headers.retryAfter, now: now.milliseconds / 1_000))
        }
    }

    /// Scheme and host of a redirect's target; its path may contain the token.
    private static func origin(of location: String) -> String {
        (try? BaseURL(String(location.prefix { $0 != "?" && $0 != "#" }))).map {
            ($0.isSecure ? "https://" : "http://") + $0.host
        } ?? "another address"
    }

    /// The failure as a run handles it (reliability rules: an error that is not listed is transient).
    ///
    /// - Parameter host: the host the request was sent to.
    /// - Returns: the failure, with a description for users.
    func requestFailure(host: String) -> RequestFailure {
        switch self {
        case .connection(let what):
            RequestFailure(
                reason: .connection, failureClass: .transient, description: "no answer from \(host): \(what)")
        case .timedOut(let what):
            RequestFailure(reason: .timeout, failureClass: .transient, description: "no answer from \(host): \(what)")
        case .tls(let what):
            RequestFailure(
                reason: .connection, failureClass: .fatal(.misconfigured),
                description: "no secure connection to \(host): \(what)")
        case .notLoopback(let address):
            RequestFailure(
                reason: .connection, failureClass: .fatal(.misconfigured),
                description:
                    "\(host) is \(address), which is not this machine: plain http would show the token to the network. "
                    + "Use https, or http://127.0.0.1")
        case .redirected(let target):
            RequestFailure(
                reason: .protocolError, failureClass: .fatal(.misconfigured),
                description: "\(host) redirected to \(target); refusing to send the token there. Check --base-url")
        case .stale:
            RequestFailure(
                reason: .connection, failureClass: .stale,
                description: "no answer from \(host): the server closed the connection")
        case .http(let code, let wait): Self.failure(http: code, retryAfter: wait, host: host)
        case .api(let code, let message): Self.failure(api: code, message: message, host: host)
        case .invalidResponse(let what):
            RequestFailure(
                reason: .protocolError, failureClass: .transient,
                description: "\(host) answered with an invalid response: \(what)")
        case .webPage(let beginning): Self.failure(webPage: beginning, host: host)
        }
    }

    private static func failure(webPage beginning: String, host: String) -> RequestFailure {
        var failure = RequestFailure(
            reason: .protocolError, failureClass: .transient,
            description: "\(host) answered with a web page, not JSON ('\(beginning)')")
        failure.isWebPage = true
        return failure
    }

    private static func failure(api code: StatusCode, message: String, host: String) -> RequestFailure {
        let said = message.isEmpty || message == code.name ? "" : ", '\(message)'"
        var failure = RequestFailure(
            reason: code.reason, failureClass: code.failureClass,
            description: "\(host) answered status \(code)\(said)\(code.advice)")
        if code == .tooManyRequests { failure.requestCounts.throttled = 1 }
        return failure
    }

    private static func failure(http code: Int, retryAfter: Duration?, host: String) -> RequestFailure {
        let failureClass: RequestFailure.FailureClass
        var advice = ""
        switch code {
        case 401, 403: failureClass = .fatal(.accessDenied)
        case 404, 405, 410:
            failureClass = .fatal(.misconfigured)
            advice = "; is --base-url right?"
        case 408, 425: failureClass = .transient
        case 429: failureClass = .throttled
        case 503: failureClass = retryAfter == nil ? .transient : .throttled
        case 400...499: failureClass = .batchRefused
        default: failureClass = .transient
        }
        var failure = RequestFailure(
            reason: .http(code), failureClass: failureClass, description: "\(host) answered HTTP \(code)\(advice)",
            retryAfter: retryAfter)
        if code == 429 || code == 503 { failure.requestCounts.throttled = 1 }
        return failure
    }
}
