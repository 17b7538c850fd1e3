import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Sends requests to one server. Each event loop has its own connections, so requests and the processing of their
/// responses use all cores.
///
/// HTTP/1.1 only, one connection per request in flight, at least TLS 1.2 with host names checked, one time limit for
/// each request. A redirect is a status like any other. `docs/http.md` explains why this is not one of the
/// general clients.
package final class HTTPClient: Sendable {
    private let pools: [EventLoopPool]
    private let headers: HTTPHeaders
    private let timeout: Duration

    package struct Options: Sendable {
        package var endpoint: HTTPEndpoint
        /// Sent with every request, and must include `Host`. The client adds only `Content-Length`.
        package var headers: [(String, String)]
        /// Time limit of one request, from sending it to the last byte of its response.
        package var timeout: Duration
        /// Path of a PEM file with additional trusted certificates.
        package var caFile: String?

        package init(endpoint: HTTPEndpoint, headers: [(String, String)], timeout: Duration, caFile: String? = nil) {
            self.endpoint = endpoint
            self.headers = headers
            self.timeout = timeout
            self.caFile = caFile
        }
    }

    /// An event loop with its connections.
    private struct EventLoopPool: Sendable {
        let executor: EventLoopExecutor
        let connectionPool: NIOLoopBoundBox<HTTPConnectionPool>

        var isCurrent: Bool { executor.loop.inEventLoop }

        func run(_ body: @escaping @Sendable (HTTPConnectionPool) -> Void) {
            if isCurrent { body(connectionPool.value) } else { executor.loop.execute { body(connectionPool.value) } }
        }
    }

    private init(_ options: Options, tls: NIOSSLContext?) {
        headers = HTTPHeaders(options.headers)
        timeout = options.timeout
        let limits = HTTPLimits(timeout: options.timeout)
        pools = MultiThreadedEventLoopGroup.singleton.makeIterator().map { loop in
            let connectionPool = HTTPConnectionPool(loop, to: options.endpoint, tls: tls, limits: limits)
            return EventLoopPool(
                executor: EventLoopExecutor(loop), connectionPool: .makeBoxSendingValue(connectionPool, eventLoop: loop)
            )
        }
    }

    /// Runs `body` with a new client and closes its connections afterwards, also if `body` throws.
    ///
    /// - Throws: `UnusableCertificates`, `MissingCACertificates`, `UnreadableCACertificates`, and what `body` throws.
    package static func with<Result: Sendable>(
        _ options: Options,
        _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        var tls: NIOSSLContext?
        if let security = try security(options) { tls = try await context(security) }
        let client = HTTPClient(options, tls: tls)
        defer { for pool in client.pools { pool.run { $0.close() } } }
        return try await body(client)
    }

    /// The event loop for the requests of a task; numbered tasks share the loops in turn.
    package func executor(ofTask number: Int) -> any TaskExecutor { pools[number % pools.count].executor }

    /// The event loop of the current thread; nil on any other thread.
    package var currentExecutor: (any TaskExecutor)? { pools.first(where: \.isCurrent)?.executor }

    /// Sends a request, on the event loop of the current thread if there is one.
    ///
    /// - Returns: the complete response, with status 200.
    /// - Throws: `HTTPError`, also for any other status.
    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        do {
            return try await send(head(request), body: request.body.map { ByteBuffer(bytes: $0) })
        } catch {
            throw HTTPError(translating: error)
        }
    }

    /// - Throws: any error of the HTTP stack, and `CancellationError`.
    private func send(_ head: HTTPRequestHead, body: ByteBuffer?) async throws -> HTTPResponse {
        let pool = pools.first(where: \.isCurrent) ?? pools[0]
        let promise = pool.executor.loop.makePromise(of: HTTPResponse.self)
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        return try await withTaskCancellationHandler {
            pool.run { connectionPool in
                connectionPool.send(HTTPConnection.Exchange(head, body: body, deadline: deadline, promise: promise))
            }
            return try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
        }
    }

    private func head(_ request: HTTPRequest) -> HTTPRequestHead {
        var head = HTTPRequestHead(
            version: .http1_1, method: request.method == .get ? .GET : .POST, uri: request.path, headers: headers)
        if let body = request.body { head.headers.add(name: "Content-Length", value: String(body.count)) }
        return head
    }
}
