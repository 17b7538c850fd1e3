import HTTP
import Model

/// Everything that can go wrong with one request.
enum ViberError: Error, Sendable, Equatable {
    /// No connection, or one that broke. Holds what happened.
    case connection(String)
    case timedOut(String)
    case tls(String)
    /// The host of a plain http URL is not this machine. Holds its address.
    case notThisMachine(String)
    case redirected(to: String)
    /// A connection that was closed before the first byte of an answer.
    case stale
    case http(Int, retryAfter: Duration?)
    case api(StatusCode, message: String)
    /// The body is not what the API sends.
    case unusable(String)
    /// The body is a page for people. Holds how it begins, fit to be shown.
    case webPage(String)

    static let ambiguousStatus = unusable("the body has two keys 'status' that differ")
}

extension ViberError {
    /// - Parameters:
    ///   - error: of the HTTP client.
    ///   - text: shows what the server sent.
    ///   - now: the wall clock, for a time to wait that is given as a date.
    init(_ error: HTTPError, _ text: ServerText, now: Timestamp) {
        switch error {
        case .connection(let what): self = .connection(what)
        case .timedOut(let what): self = .timedOut(what)
        case .tls(let what): self = .tls(what)
        case .notThisMachine(let address): self = .notThisMachine(address)
        case .stale: self = .stale
        case .unusable(let what): self = .unusable(what)
        case .status(300..<400, let headers):
            self = .redirected(to: text.shown(Self.origin(of: headers.location ?? "")))
        case .status(let code, let headers):
            self = .http(code, retryAfter: RetryAfter.wait(headers.retryAfter, now: now.milliseconds / 1_000))
        }
    }

    /// Scheme and host of a redirect's target; its path may hold anything.
    private static func origin(of location: String) -> String {
        (try? BaseURL(String(location.prefix { $0 != "?" && $0 != "#" }))).map {
            ($0.isSecure ? "https://" : "http://") + $0.host
        } ?? "another address"
    }

    /// What the failure means for a run (reliability rules: what nobody listed is transient).
    /// `host`: where the request went.
    func requestFailure(host: String) -> RequestFailure {
        switch self {
        case .connection(let what):
            RequestFailure(reason: .connection, handling: .transient, description: "no answer from \(host): \(what)")
        case .timedOut(let what):
            RequestFailure(reason: .timeout, handling: .transient, description: "no answer from \(host): \(what)")
        case .tls(let what):
            RequestFailure(
                reason: .connection, handling: .fatal(.misconfigured),
                description: "no secure connection to \(host): \(what)")
        case .notThisMachine(let address):
            RequestFailure(
                reason: .connection, handling: .fatal(.misconfigured),
                description:
                    "\(host) is \(address), which is not this machine: plain http would show the token to the network. "
                    + "Use https, or http://127.0.0.1")
        case .redirected(let target):
            RequestFailure(
                reason: .protocolError, handling: .fatal(.misconfigured),
                description: "\(host) redirected to \(target); refusing to send the token there. Check --base-url")
        case .stale:
            RequestFailure(
                reason: .connection, handling: .stale,
                description: "no answer from \(host): the server closed the connection")
        case .http(let code, let wait): Self.failure(http: code, retryAfter: wait, host: host)
        case .api(let code, let message): Self.failure(api: code, message: message, host: host)
        case .unusable(let what):
            RequestFailure(
                reason: .protocolError, handling: .transient, description: "\(host) answered nonsense: \(what)")
        case .webPage(let beginning): Self.failure(webPage: beginning, host: host)
        }
    }

    private static func failure(webPage beginning: String, host: String) -> RequestFailure {
        var failure = RequestFailure(
            reason: .protocolError, handling: .transient,
            description: "\(host) answered with a web page, not JSON ('\(beginning)')")
        failure.isWebPage = true
        return failure
    }

    private static func failure(api code: StatusCode, message: String, host: String) -> RequestFailure {
        let said = message.isEmpty || message == code.name ? "" : ", '\(message)'"
        var failure = RequestFailure(
            reason: code.reason, handling: code.handling,
            description: "\(host) answered status \(code)\(said)\(code.advice)")
        if code == .tooManyRequests { failure.effort.throttled = 1 }
        return failure
    }

    private static func failure(http code: Int, retryAfter: Duration?, host: String) -> RequestFailure {
        let handling: RequestFailure.Handling
        var advice = ""
        switch code {
        case 401, 403: handling = .fatal(.accessDenied)
        case 404, 405, 410:
            handling = .fatal(.misconfigured)
            advice = "; is --base-url right?"
        case 408, 425: handling = .transient
        case 429: handling = .throttled
        case 503: handling = retryAfter == nil ? .transient : .throttled
        case 400...499: handling = .batchRefused
        default: handling = .transient
        }
        var failure = RequestFailure(
            reason: .http(code), handling: handling, description: "\(host) answered HTTP \(code)\(advice)",
            retryAfter: retryAfter)
        if code == 429 || code == 503 { failure.effort.throttled = 1 }
        return failure
    }
}
