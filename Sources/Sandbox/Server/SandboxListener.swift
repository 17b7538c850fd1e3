import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Accepts the connections of a sandbox, with or without TLS.
struct SandboxListener: Sendable {
    let api: SandboxAPI

    /// Serves while `body` runs, and closes all connections afterwards, whatever their state.
    ///
    /// - Parameter body: receives the port.
    /// - Returns: the result of `body`.
    /// - Throws: `SandboxServer.Unavailable`, and what `body` throws.
    func serve<Result: Sendable>(while body: (_ port: Int) async throws -> Result) async throws -> Result {
        // A separate thread group: when it has shut down, no connection is open.
        let threads = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
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
        let (connections, continuation) = AsyncStream.makeStream(of: SandboxConnection.self)
        let port = try await listen(on: threads) { continuation.yield($0) }
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
        _ onConnect: @Sendable @escaping (SandboxConnection) -> Void
    ) async throws -> Int {
        let secure = try api.options.certificate.map { try NIOSSLContext(configuration: $0.configuration) }
        let bootstrap = ServerBootstrap(group: threads)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (requests, feed) = AsyncStream.makeStream(of: SandboxConnection.Request.self)
                    let handlers = channel.pipeline.syncOperations
                    if let secure { try handlers.addHandler(NIOSSLServerHandler(context: secure)) }
                    try handlers.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try handlers.addHandler(RequestReader(api: api, feed: feed))
                    onConnect(SandboxConnection(channel: channel, requests: requests))
                }
            }
        let listener = try? await bootstrap.bind(host: "127.0.0.1", port: api.options.port).get()
        guard let port = listener?.localAddress?.port else {
            throw SandboxServer.Unavailable(port: api.options.port)
        }
        return port
    }
}
