import AsyncHTTPClient
package import Model
import NIOCore
import NIOHTTP1
import NIOPosix

/// The two endpoints over one HTTP client.
///
/// Redirects are refused (the client would carry the token's header to another host), HTTP/1.1 only, as many connections
/// as requests in flight, TLS 1.2 at least with names checked, and one time limit around the whole of an answer.
package struct ViberClient: Sendable {
    private let http: HTTPClient
    private let options: Options
    private let executors = EventLoopExecutors(MultiThreadedEventLoopGroup.singleton)
    private let onlineRequest: HTTPClient.Request
    private let accountRequest: HTTPClient.Request
    private let now: @Sendable () -> Timestamp

    package struct Options: Sendable {
        package var baseURL: BaseURL
        package var token: AuthToken
        /// For one request, from sending it to the last byte of its answer.
        package var timeout: Duration
        /// The most requests in flight.
        package var concurrency: Int
        /// More trusted certificates: the path of a PEM file.
        package var caFile: String?
        package var keepWebhook: Bool

        package init(
            baseURL: BaseURL,
            token: AuthToken,
            timeout: Duration,
            concurrency: Int,
            caFile: String?,
            keepWebhook: Bool
        ) {
            self.baseURL = baseURL
            self.token = token
            self.timeout = timeout
            self.concurrency = concurrency
            self.caFile = caFile
            self.keepWebhook = keepWebhook
        }
    }

    private init(
        http: HTTPClient,
        options: Options,
        now: @escaping @Sendable () -> Timestamp
    ) throws {
        self.http = http
        self.options = options
        self.now = now
        let headers: HTTPHeaders = [
            "X-Viber-Auth-Token": options.token.value, "Content-Type": "application/json",
            "Accept": "application/json", "User-Agent": "viber-rollcall",
        ]
        let url = options.baseURL.description
        onlineRequest = try HTTPClient.Request(url: url + OnlineRequest.path, method: .POST, headers: headers)
        accountRequest = try HTTPClient.Request(url: url + AccountResponse.path, headers: headers)
    }

    /// Opens a client, hands it to `body`, and closes it however `body` ends.
    /// `now`: the wall clock, for the time of each answer.
    /// Throws `UnusableCertificates`, `NoAuthorities`, and what `body` throws.
    package static func with<Result: Sendable>(
        _ options: Options,
        now: @escaping @Sendable () -> Timestamp,
        _ body: (ViberClient) async throws -> Result
    ) async throws -> Result {
        try await HTTPClient.withHTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: try configuration(options)
        ) { http in try await body(try client(http, options, now: now)) }
    }

    /// Throws `RequestFailure` if the HTTP client cannot use the address.
    private static func client(
        _ http: HTTPClient,
        _ options: Options,
        now: @escaping @Sendable () -> Timestamp
    ) throws(RequestFailure) -> ViberClient {
        do {
            return try ViberClient(http: http, options: options, now: now)
        } catch {
            throw ViberError(transport: error).requestFailure(host: options.baseURL.host)
        }
    }

    /// For a request and what is made of its answer: mostly the thread of its connection. Nothing there may block.
    package func executor() -> any TaskExecutor { executors.next() }

    /// Asks `get_online` for the status of up to 100 subscribers.
    /// - Throws: `RequestFailure`, worded for people.
    package func online(_ batch: IDBatch) async throws(RequestFailure) -> OnlineReply {
        do {
            var request = onlineRequest
            request.body = .byteBuffer(ByteBuffer(bytes: OnlineRequest.body(batch)))
            let answer = try await send(request)
            if let users = AnswerScanner.users(in: answer.body) { return OnlineReply(users: users, receivedAt: now()) }
            let response = try read(answer, OnlineResponse.decode)
            try check(response.status, message: response.statusMessage)
            guard response.users != nil else { throw ViberError.unusable("status 0 without users") }
            return response.reply(at: now())
        } catch {
            throw ViberError(transport: error).requestFailure(host: options.baseURL.host)
        }
    }

    /// Asks `get_account_info` for the bot's account.
    /// - Throws: `RequestFailure`, worded for people.
    package func accountInfo() async throws(RequestFailure) -> Account {
        do {
            let answer = try await send(accountRequest)
            let response = try read(answer) { body throws(ViberError) in
                try AccountResponse.decode(options.token.redacting(body), keepWebhook: options.keepWebhook)
            }
            try check(response.status, message: response.statusMessage)
            return response.account
        } catch {
            throw ViberError(transport: error).requestFailure(host: options.baseURL.host)
        }
    }

    /// Decodes an answer; one that cannot be decoded may be a web page, which is told.
    private func read<Response>(
        _ answer: HTTPAnswer, _ decode: ([UInt8]) throws(ViberError) -> Response
    ) throws(ViberError) -> Response {
        do {
            return try decode(answer.body)
        } catch {
            guard answer.isWebPage else { throw error }
            throw .webPage(ServerText(hiding: options.token).shown(answer.body, limit: 80))
        }
    }

    private func check(_ status: Int, message: String) throws(ViberError) {
        let code = StatusCode(rawValue: status)
        guard code == .ok else { throw .api(code, message: ServerText(hiding: options.token).shown(message)) }
    }

    private func send(_ request: HTTPClient.Request) async throws -> HTTPAnswer {
        let collector = AnswerCollector(now: now)
        let exchange = http.execute(
            request: request, delegate: collector, deadline: .now() + TimeAmount(options.timeout))
        do {
            return try await withTaskCancellationHandler {
                try await exchange.get()
            } onCancel: {
                exchange.cancel()
            }
        } catch {
            // The status counts, whatever became of the body.
            throw collector.refusal ?? error
        }
    }
}
