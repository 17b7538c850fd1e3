import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// How long the parts of a request may take.
struct HTTPLimits: Sendable {
    /// To connect, including the TLS handshake.
    var connect: TimeAmount
    /// How long an unused connection is kept; servers close unused connections, too.
    var idle = TimeAmount.seconds(5)
}

extension HTTPLimits {
    /// Connecting may take five seconds, so that another address is tried soon; if the request's limit is above the
    /// default of 30 seconds, connecting may take as long.
    ///
    /// - Parameter timeout: the time limit of a request.
    init(timeout: Duration) {
        self.init(connect: TimeAmount(timeout > .seconds(30) ? timeout : min(.seconds(5), timeout)))
    }
}

/// The connections of one event loop, each used by one request at a time. Used only on the thread of its loop.
///
/// Built directly on NIO's HTTP codec: the queues and futures of a general HTTP client took a fifth of the CPU time of
/// a run against a server on the same machine. It does only what two calls to one host need: no redirects, proxies,
/// cookies or HTTP/2.
final class HTTPConnectionPool {
    private let loop: any EventLoop
    private let server: HTTPEndpoint
    private let tls: NIOSSLContext?
    private let limits: HTTPLimits
    private var idle: [HTTPConnection] = []
    private var isClosed = false

    init(_ loop: any EventLoop, to server: HTTPEndpoint, tls: NIOSSLContext?, limits: HTTPLimits) {
        self.loop = loop
        self.server = server
        self.tls = tls
        self.limits = limits
    }

    /// Sends a request on an idle connection, or on a new one.
    func send(_ exchange: HTTPConnection.Exchange) {
        if let connection = idle.popLast() { return connection.send(exchange) }
        connect().whenComplete { result in
            switch result {
            case .success(let connection): connection.send(exchange)
            case .failure(let error): exchange.promise.fail(error)
            }
        }
    }

    /// Closes the idle connections; the others close when their requests end.
    func close() {
        isClosed = true
        while let connection = idle.popLast() { connection.close() }
    }

    /// Adds a connection that can serve another request.
    func add(_ connection: HTTPConnection) { if isClosed { connection.close() } else { idle.append(connection) } }

    /// Removes a connection that cannot serve another request.
    func remove(_ connection: HTTPConnection) { idle.removeAll { $0 === connection } }

    private func connect() -> EventLoopFuture<HTTPConnection>.Isolated {
        let pool = NIOLoopBound(self, eventLoop: loop)
        let deadline = loop.now + limits.connect
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(limits.connect)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try pool.value.addHandlers(to: channel.pipeline.syncOperations, by: deadline)
                }
            }
        let channel =
            (try? SocketAddress(ipAddress: server.address, port: server.port)).map { bootstrap.connect(to: $0) }
            ?? bootstrap.connect(host: server.address, port: server.port)
        let mustBeLoopback = !server.isSecure
        return channel.assumeIsolated().flatMapThrowing { channel in
            // Checked before anything is sent, since a name may resolve to any address.
            if mustBeLoopback, channel.remoteAddress?.isLoopback != true {
                channel.close(promise: nil)
                throw HTTPError.notLoopback(channel.remoteAddress?.ipAddress ?? "an unknown address")
            }
            return try channel.pipeline.syncOperations.handler(type: HTTPConnection.self)
        }
    }

    private func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations, by deadline: NIODeadline) throws {
        if let tls {
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: server.serverName))
        }
        try pipeline.addHandlers(
            HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder()),
            HTTPConnection(limits, pool: self, on: loop, handshakeDeadline: tls == nil ? nil : deadline))
    }
}

extension SocketAddress {
    /// Whether this is a loopback address (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3).
    var isLoopback: Bool {
        guard let address = ipAddress else { return false }
        return address == "::1" || address.hasPrefix("127.") || address.lowercased().hasPrefix("::ffff:127.")
    }
}
