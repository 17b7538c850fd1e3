import AsyncHTTPClient
package import Model
import NIOCore
import NIOHTTP1

/// The two endpoints over one HTTP client.
///
/// Redirects are refused (the client would carry the token's header to another host), HTTP/1.1 only, as many connections
/// as requests in flight, TLS 1.2 at least with names checked, and one time limit around the whole of an answer.
package struct ViberClient: Sendable {
    private let http: HTTPClient
    private let options: Options
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

    /// Opens a client, hands it to `body`, and closes it however `body` ends.
    /// `now`: the wall clock, for the time of each answer.
    /// Throws `UnusableCertificates`, `NoAuthorities`, and what `body` throws.
    package static func with<Result: Sendable>(
        _ options: Options,
        now: @escaping @Sendable () -> Timestamp,
        _ body: (ViberClient) async throws -> Result
    ) async throws -> Result {
        try await HTTPClient.withHTTPClient(configuration: try configuration(options)) { http in
            try await body(ViberClient(http: http, options: options, now: now))
        }
    }

    /// Asks `get_online` for the status of up to 100 subscribers.
    /// - Throws: `RequestFailure`, worded for people.
    package func online(_ batch: IDBatch) async throws(RequestFailure) -> OnlineReply {
        do {
            let answer = try await send(.POST, OnlineRequest.path, body: OnlineRequest.body(batch))
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
            let answer = try await send(.GET, AccountResponse.path, body: nil)
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

    /// 100 users are about 12 kB; what is eighty times that is no answer.
    private static let bodyLimit = 1 << 20

    private func send(_ method: HTTPMethod, _ path: String, body: [UInt8]?) async throws -> HTTPAnswer {
        var request = HTTPClientRequest(url: options.baseURL.description + path)
        request.method = method
        request.headers.add(name: "X-Viber-Auth-Token", value: options.token.value)
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "viber-rollcall")
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let headLimit = TimeAmount(Self.headLimit(options))
        return try await within(options.timeout) { [http, now, request] in
            let response = try await http.execute(request, timeout: headLimit)
            if (300..<400).contains(response.status.code) {
                throw ViberError.redirected(to: Self.origin(of: response.headers.first(name: "location") ?? ""))
            }
            guard response.status == .ok else {
                // The status counts, whatever the body is; reading it could take longer than the request may.
                throw ViberError.http(
                    Int(response.status.code),
                    retryAfter: RetryAfter.wait(response.headers["retry-after"], now: now().milliseconds / 1_000))
            }
            var content = try await response.body.collect(upTo: Self.bodyLimit)
            return HTTPAnswer(
                body: content.readBytes(length: content.readableBytes) ?? [],
                type: response.headers.first(name: "content-type") ?? "")
        }
    }

    /// Scheme and host of a redirect's target; its path may hold anything.
    private static func origin(of location: String) -> String {
        (try? BaseURL(String(location.prefix { $0 != "?" && $0 != "#" }))).map {
            ($0.isSecure ? "https://" : "http://") + $0.host
        } ?? "another address"
    }

    /// Ends `operation` when time is up: the client's own time limit stops at the head of an answer, and a body that
    /// drips would outlast it.
    private func within<Value: Sendable>(
        _ limit: Duration,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await operation() }
            group.addTask {
                try await ContinuousClock().sleep(for: limit)
                throw ViberError.timedOut("the answer was not complete within the time limit")
            }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }
}
