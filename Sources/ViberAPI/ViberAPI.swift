import HTTP
package import Model

/// The two endpoints over one HTTP client.
///
/// The token goes to one host: a redirect is an answer that is refused.
package struct ViberClient: Sendable {
    private let http: HTTPClient
    private let options: Options
    private let now: @Sendable () -> Timestamp

    package struct Options: Sendable {
        package var baseURL: BaseURL
        package var token: AuthToken
        /// For one request, from sending it to the last byte of its answer.
        package var timeout: Duration
        /// More trusted certificates: the path of a PEM file.
        package var caFile: String?
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

    /// Opens a client, hands it to `body`, and closes it however `body` ends.
    /// `now`: the wall clock, for the time of each answer.
    /// Throws what `HTTPClient.with` throws, and what `body` throws.
    package static func with<Result: Sendable>(
        _ options: Options,
        now: @escaping @Sendable () -> Timestamp,
        _ body: (ViberClient) async throws -> Result
    ) async throws -> Result {
        try await HTTPClient.with(options.http) { http in
            try await body(ViberClient(http, options: options, now: now))
        }
    }

    /// Where the requests of a task and what is made of their answers run, if the tasks are numbered: the thread of its
    /// connections. What is done there has to be short, though a slow disk makes no request fail that was
    /// sent.
    package func executor(ofTask number: Int) -> any TaskExecutor { http.executor(ofTask: number) }

    /// The one whose thread this is; nil on any other thread.
    package var currentExecutor: (any TaskExecutor)? { http.currentExecutor }

    /// Asks `get_online` for the status of up to 100 subscribers.
    /// - Throws: `RequestFailure`, worded for people.
    package func online(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        do throws(ViberError) {
            let answer = try await send(.post, OnlineRequest.path, OnlineRequest.body(batch))
            let maxUsers = GetOnlineResponse.maxUsers(for: batch.count)
            if let users = AnswerScanner.users(in: answer.body, maxUsers: maxUsers) {
                return BatchReply(users: users, receivedAt: now())
            }
            let response = try read(answer) { body throws(ViberError) in
                try GetOnlineResponse.decode(body, ids: batch.count)
            }
            try check(response.status, message: response.statusMessage)
            guard response.users != nil else { throw ViberError.invalidResponse("status 0 without users") }
            return response.reply(at: now())
        } catch {
            throw error.requestFailure(host: options.baseURL.host)
        }
    }

    /// Asks `get_account_info` for the bot's account.
    /// - Throws: `RequestFailure`, worded for people.
    package func accountInfo() async throws(RequestFailure) -> Account {
        do throws(ViberError) {
            let answer = try await send(.get, AccountResponse.path)
            let response = try read(answer) { body throws(ViberError) in
                try AccountResponse.decode(body, hiding: options.token, keepWebhook: options.keepWebhook)
            }
            try check(response.status, message: response.statusMessage)
            return response.account
        } catch {
            throw error.requestFailure(host: options.baseURL.host)
        }
    }

    /// Decodes an answer; one that cannot be decoded may be a web page, which is told.
    private func read<Response>(
        _ answer: HTTPResponse, _ decode: ([UInt8]) throws(ViberError) -> Response
    ) throws(ViberError) -> Response {
        do {
            return try decode(answer.body)
        } catch {
            guard answer.isWebPage else { throw error }
            throw .webPage(RedactedText(hiding: options.token).sanitized(answer.body, limit: 80))
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
    /// The token stands in a header of every request.
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
