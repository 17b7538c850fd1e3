import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Sends requests to one server, over connections of every event loop: so requests, and what is made of their answers,
/// use all cores.
///
/// HTTP/1.1 only, a connection for each request in flight, TLS 1.2 at least with names checked, one time limit around the
/// whole of an answer. A redirect is a status like any other. `docs/http-client.md` says why it is none of the general
/// clients.
package final class HTTPClient: Sendable {
    private let pools: [EventLoopPool]
    private let headers: HTTPHeaders
    private let timeout: Duration

    package struct Options: Sendable {
        package var endpoint: HTTPEndpoint
        /// Sent with every request; the client adds none but the length of a body. `Host` is among them.
        package var headers: [(String, String)]
        /// For one request, from sending it to the last byte of its answer.
        package var timeout: Duration
        /// More trusted certificates: the path of a PEM file.
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
        let connections: NIOLoopBoundBox<HTTPConnectionPool>

        var isCurrent: Bool { executor.loop.inEventLoop }

        func run(_ body: @escaping @Sendable (HTTPConnectionPool) -> Void) {
            if isCurrent { body(connections.value) } else { executor.loop.execute { body(connections.value) } }
        }
    }

    private init(_ options: Options, tls: NIOSSLContext?) {
        headers = HTTPHeaders(options.headers)
        timeout = options.timeout
        let limits = HTTPLimits(timeout: options.timeout)
        pools = MultiThreadedEventLoopGroup.singleton.makeIterator().map { loop in
            let connections = HTTPConnectionPool(loop, to: options.endpoint, tls: tls, limits: limits)
            return EventLoopPool(
                executor: EventLoopExecutor(loop), connections: .makeBoxSendingValue(connections, eventLoop: loop))
        }
    }

    /// Makes a client, hands it to `body`, and has its connections closed however `body` ends.
    ///
    /// Throws `UnusableCertificates`, `MissingCACertificates`, `UnreadableCACertificates`, and what `body` throws.
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

    /// The loop that the requests of a task run on, if the tasks are numbered.
    package func executor(ofTask number: Int) -> any TaskExecutor { pools[number % pools.count].executor }

    /// The loop whose thread this is; nil on any other thread.
    package var currentExecutor: (any TaskExecutor)? { pools.first(where: \.isCurrent)?.executor }

    /// Sends a request, on the loop of this thread if it has one.
    ///
    /// - Returns: the answer, whole, with status 200.
    /// - Throws: why there is none.
    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        do {
            return try await send(head(request), body: request.body.map { ByteBuffer(bytes: $0) })
        } catch {
            throw HTTPError(translating: error)
        }
    }

    /// Throws whatever the HTTP stack throws, and `CancellationError`.
    private func send(_ head: HTTPRequestHead, body: ByteBuffer?) async throws -> HTTPResponse {
        let pool = pools.first(where: \.isCurrent) ?? pools[0]
        let promise = pool.executor.loop.makePromise(of: HTTPResponse.self)
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        return try await withTaskCancellationHandler {
            pool.run { connections in
                connections.send(HTTPConnection.Exchange(head, body: body, deadline: deadline, promise: promise))
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
