import HTTP
package import Model

/// Calls the two endpoints with one HTTP client.
///
/// The token is sent to one host only: a redirect is an error.
package struct ViberClient: Sendable {
    private let http: HTTPClient
    private let options: Options
    private let now: @Sendable () -> Timestamp

    package struct Options: Sendable {
        package var baseURL: BaseURL
        package var token: AuthToken
        /// Time limit of one request, from sending it to the last byte of its response.
        package var timeout: Duration
        /// Path of a PEM file with additional trusted certificates.
        package var caFile: String?
        /// Whether the account keeps the whole URL of its webhook, which may contain a secret.
        package var keepWebhook: Bool

        package init(
            baseURL: BaseURL,
            token: AuthToken,
            timeout: Duration,
            caFile: String?,
            keepWebhook: Bool
        ) {
            self.baseURL = baseURL
            self.token = token
            self.timeout = timeout
            self.caFile = caFile
            self.keepWebhook = keepWebhook
        }
    }

    private init(_ http: HTTPClient, options: Options, now: @escaping @Sendable () -> Timestamp) {
        self.http = http
        self.options = options
        self.now = now
    }

    /// Runs `body` with a new client and closes the client afterwards, also if `body` throws.
    ///
    /// - Parameters:
    ///   - options: the server, the token and the limits.
    ///   - now: the wall clock, for the time of each response.
    ///   - body: receives the client.
    /// - Returns: the result of `body`.
    /// - Throws: what `HTTPClient.with` throws, and what `body` throws.
    package static func with<Result: Sendable>(
        _ options: Options,
        now: @escaping @Sendable () -> Timestamp,
        _ body: (ViberClient) async throws -> Result
    ) async throws -> Result {
        try await HTTPClient.with(options.http) { http in
            try await body(ViberClient(http, options: options, now: now))
        }
    }

    /// The executor for the requests of a task and the processing of their responses: the thread of its connections.
    /// Numbered tasks share the threads in turn. Work there must be short, although a slow disk fails no request
    /// already sent.
    package func executor(ofTask number: Int) -> any TaskExecutor { http.executor(ofTask: number) }

    /// The executor of the current thread; nil on any other thread.
    package var currentExecutor: (any TaskExecutor)? { http.currentExecutor }

    /// Requests the status of up to 100 subscribers with `get_online`.
    ///
    /// - Parameter batch: the ids.
    /// - Returns: the users of the response.
    /// - Throws: `RequestFailure`, with a description for users.
    package func online(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        do throws(ViberError) {
            let httpResponse = try await send(.post, OnlineRequest.path, OnlineRequest.body(batch))
            let maxUsers = GetOnlineResponse.maxUsers(for: batch.count)
            if let users = ResponseScanner.users(in: httpResponse.body, maxUsers: maxUsers) {
                return BatchReply(users: users, receivedAt: now())
            }
            let response = try decode(httpResponse) { body throws(ViberError) in
                try GetOnlineResponse.decode(body, ids: batch.count)
            }
            try check(response.status, message: response.statusMessage)
            guard response.users != nil else { throw ViberError.invalidResponse("status 0 without users") }
            return response.reply(at: now())
        } catch {
            throw error.requestFailure(host: options.baseURL.host)
        }
    }

    /// Requests the bot's account with `get_account_info`.
    ///
    /// - Returns: the account, without the token.
    /// - Throws: `RequestFailure`, with a description for users.
    package func accountInfo() async throws(RequestFailure) -> Account {
        do throws(ViberError) {
            let httpResponse = try await send(.get, AccountResponse.path)
            let response = try decode(httpResponse) { body throws(ViberError) in
                try AccountResponse.decode(body, hiding: options.token, keepWebhook: options.keepWebhook)
            }
            try check(response.status, message: response.statusMessage)
            return response.account
        } catch {
            throw error.requestFailure(host: options.baseURL.host)
        }
    }

    /// Decodes a response. If that fails and the body is a web page, the error says so.
    private func decode<Response>(
        _ response: HTTPResponse, _ decoder: ([UInt8]) throws(ViberError) -> Response
    ) throws(ViberError) -> Response {
        do {
            return try decoder(response.body)
        } catch {
            guard response.isWebPage else { throw error }
            throw .webPage(RedactedText(hiding: options.token).sanitized(response.body, limit: 80))
        }
    }

    private func check(_ status: Int, message: String) throws(ViberError) {
        let code = StatusCode(rawValue: status)
        guard code == .ok else { throw .api(code, message: RedactedText(hiding: options.token).sanitized(message)) }
    }

    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: [UInt8]? = nil
    ) async throws(ViberError) -> HTTPResponse {
        do throws(HTTPError) {
            return try await http.send(HTTPRequest(method, options.baseURL.path + path, body: body))
        } catch {
            throw ViberError(error, RedactedText(hiding: options.token), now: now())
        }
    }
}

extension ViberClient.Options {
    /// The options of the HTTP client; the token is in a header of every request.
    fileprivate var http: HTTPClient.Options {
        HTTPClient.Options(
            endpoint: HTTPEndpoint(
                address: baseURL.address, port: baseURL.port, isSecure: baseURL.isSecure,
                serverName: baseURL.isIPAddress ? nil : baseURL.host),
            headers: [
                ("Host", baseURL.authority), ("X-Viber-Auth-Token", token.value), ("Content-Type", "application/json"),
                ("Accept", "application/json"), ("User-Agent", "viber-rollcall"),
            ],
            timeout: timeout, caFile: caFile)
    }
}
