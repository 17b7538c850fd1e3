import NIOCore
import NIOHTTP1

/// Assembles requests from their parts.
final class RequestReader: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let api: SandboxAPI
    private let feed: AsyncStream<SandboxConnection.Request>.Continuation
    private var current: SandboxConnection.Request?

    init(api: SandboxAPI, feed: AsyncStream<SandboxConnection.Request>.Continuation) {
        self.api = api
        self.feed = feed
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let request = SandboxConnection.Request(head, api)
            // With `down`, the connection is reset after the head.
            if request.ticket?.fault?.kind == .toxic(.down) {
                feed.yield(request)
            } else {
                current = request
            }
        case .body(let bytes): current?.append(bytes)
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

extension SandboxConnection {
    /// A request of a client.
    struct Request: Sendable {
        /// The maximum length of a body in bytes; 100 ids take about 3 kB.
        private static let bodyLimit = 1 << 20

        private(set) var content: SandboxAPI.Request
        let ticket: SandboxAPI.Ticket?
        private let isKeepAlive: Bool
        /// Whether the body was too long and was discarded.
        private(set) var isTooLarge = false

        init(_ head: HTTPRequestHead, _ api: SandboxAPI) {
            let path = String(head.uri.prefix { $0 != "?" })
            content = SandboxAPI.Request(path: path, token: head.headers.first(name: "X-Viber-Auth-Token"))
            ticket = api.begin(head.method.rawValue, path)
            isKeepAlive = head.isKeepAlive
        }

        /// Whether the connection is closed after the response.
        var closesConnection: Bool { !isKeepAlive || isTooLarge }

        /// Appends a part of the body.
        mutating func append(_ bytes: ByteBuffer) {
            isTooLarge = isTooLarge || content.body.count + bytes.readableBytes > Self.bodyLimit
            if isTooLarge {
                content.body = []
            } else {
                content.body += bytes.readableBytesView
            }
        }
    }
}
