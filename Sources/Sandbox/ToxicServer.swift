import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The sandbox on raw bytes, for what an HTTP server cannot do wrong. It reads requests as any server does, and writes
/// what `Delivery` says.
struct ToxicServer: Sendable {
    let api: SandboxAPI

    /// Serves while `body` runs.
    func with<Result: Sendable>(_ body: (_ port: Int) async throws -> Result) async throws -> Result {
        // Threads of its own: when they end, every connection has ended, whatever state it was in.
        let threads = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let result = try await serve(on: threads, while: body)
            try await threads.shutdownGracefully()
            return result
        } catch {
            try? await threads.shutdownGracefully()
            throw error
        }
    }

    private func serve<Result: Sendable>(
        on threads: MultiThreadedEventLoopGroup,
        while body: (_ port: Int) async throws -> Result
    ) async throws -> Result {
        let (connections, arrivals) = AsyncStream.makeStream(of: Connection.self)
        let port = try await listen(on: threads) { arrivals.yield($0) }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await withDiscardingTaskGroup { served in
                    for await connection in connections { served.addTask { await connection.serve(api) } }
                }
            }
            defer { group.cancelAll() }
            return try await body(port)
        }
    }

    /// - Returns: the port.
    private func listen(
        on threads: MultiThreadedEventLoopGroup,
        _ arrive: @Sendable @escaping (Connection) -> Void
    ) async throws -> Int {
        let secure = try api.options.certificate.map { try NIOSSLContext(configuration: $0.configuration) }
        let bootstrap = ServerBootstrap(group: threads)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (requests, feed) = AsyncStream.makeStream(of: Connection.Request.self)
                    let handlers = channel.pipeline.syncOperations
                    if let secure { try handlers.addHandler(NIOSSLServerHandler(context: secure)) }
                    try handlers.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try handlers.addHandler(RequestReader(api: api, feed: feed))
                    arrive(Connection(channel: channel, requests: requests))
                }
            }
        let listener = try? await bootstrap.bind(host: "127.0.0.1", port: api.options.port).get()
        guard let port = listener?.localAddress?.port else { throw SandboxServer.Unavailable(port: api.options.port) }
        return port
    }
}

/// One client, and what it asks.
private struct Connection: Sendable {
    struct Request: Sendable {
        var head: HTTPRequestHead
        var body: [UInt8] = []
        var ticket: SandboxAPI.Ticket?
    }

    let channel: any Channel
    let requests: AsyncStream<Request>

    /// Answers until either side leaves.
    func serve(_ api: SandboxAPI) async {
        await withTaskCancellationHandler {
            // A client that left is no error.
            try? await answer(api)
            channel.close(promise: nil)
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private func answer(_ api: SandboxAPI) async throws {
        for await request in requests {
            let last = try await deliver(api, request)
            guard try await take(last), request.head.isKeepAlive else { return }
        }
    }

    /// Takes all steps of an answer but the last one, which it returns: once that is taken, the client may ask again.
    private func deliver(_ api: SandboxAPI, _ request: Request) async throws -> Delivery.Step {
        defer { api.end(request.ticket) }
        let token = request.head.headers.first(name: "X-Viber-Auth-Token")
        var reply = try await api.reply(
            to: .init(path: request.head.uri, token: token, body: request.body), request.ticket)
        if !request.head.isKeepAlive { reply.headers[.connection] = "close" }
        var steps = Delivery.steps(for: reply, request.ticket?.fault)
        let last = steps.removeLast()
        for step in steps { _ = try await take(step) }
        return last
    }

    /// - Returns: whether the connection lives on.
    private func take(_ step: Delivery.Step) async throws -> Bool {
        switch step {
        case .send(let bytes): try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
        case .wait(let duration): try await Task.sleep(for: duration)
        case .hold: for await _ in requests {}
        case .close: break
        case .reset: try await reset()
        }
        switch step {
        case .send, .wait: return true
        case .hold, .close, .reset: return false
        }
    }

    /// Closes with what is left unsent thrown away, which sends a reset, and without the farewell of TLS.
    private func reset() async throws {
        let linger: (on: CInt, seconds: CInt) = (1, 0)
        let options = channel as? any SocketOptionProvider
        try await options?.unsafeSetSocketOption(level: .socket, name: .so_linger, value: linger).get()
        try await channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            guard let farewell = try? pipeline.context(handlerType: NIOSSLServerHandler.self) else {
                return channel.close(promise: nil)
            }
            farewell.close(promise: nil)
        }.get()
    }
}

/// Puts the parts of requests together.
private final class RequestReader: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let api: SandboxAPI
    private let feed: AsyncStream<Connection.Request>.Continuation
    private var current: Connection.Request?

    init(api: SandboxAPI, feed: AsyncStream<Connection.Request>.Continuation) {
        self.api = api
        self.feed = feed
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let request = Connection.Request(head: head, ticket: api.begin(head.method.rawValue, head.uri))
            // One that is down takes no more than this.
            if request.ticket?.fault?.kind == .toxic(.down) {
                feed.yield(request)
            } else {
                current = request
            }
        case .body(let bytes): current?.body += bytes.readableBytesView
        case .end:
            if let current { feed.yield(current) }
            current = nil
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let current { api.end(current.ticket) }
        feed.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
