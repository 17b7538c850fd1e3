import NIOCore
import NIOHTTP1
import NIOSSL
import NIOTLS

/// One connection to the server: HTTP/1.1, one request at a time. Used only on the thread of its event loop.
///
/// A failed request closes its connection, unless its response is complete and keeps the connection: bytes that are
/// still on their way must not be taken for the response to another request.
final class HTTPConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// A request and the part of its response received so far.
    final class Exchange {
        let head: HTTPRequestHead
        let body: ByteBuffer?
        let promise: EventLoopPromise<HTTPResponse>
        /// When the response must be complete.
        let deadline: NIODeadline
        fileprivate var response = ResponseAccumulator()

        init(
            _ head: HTTPRequestHead,
            body: ByteBuffer?,
            deadline: NIODeadline,
            promise: EventLoopPromise<HTTPResponse>
        ) {
            self.head = head
            self.body = body
            self.deadline = deadline
            self.promise = promise
        }
    }

    private let limits: HTTPLimits
    private let pool: HTTPConnectionPool
    private let loop: any EventLoop
    private var context: ChannelHandlerContext?
    private var exchange: Exchange?
    /// When the TLS handshake must be complete; nil once it is, and without TLS.
    private var handshakeDeadline: NIODeadline?
    private var idleSince = NIODeadline.distantPast
    /// Whether the current read completed a response.
    private var hasFinishedResponse = false
    /// The next timeout check. It is not rescheduled when the deadline moves later, since most requests end in time.
    private var pendingTimeout: (time: NIODeadline, task: Scheduled<Void>)?

    /// If the timer fires later than this, the event loop was blocked (for example by a slow disk), and received data
    /// may be unread.
    private static let timerSlack = TimeAmount.milliseconds(10)
    /// The time a blocked event loop gets to read what arrived while it was blocked.
    private static let catchUpDelay = TimeAmount.milliseconds(50)

    /// - Parameters:
    ///   - limits: how long an unused connection is kept.
    ///   - pool: gets the connection back after each request; the connection removes itself when it closes.
    ///   - loop: the event loop of the connection's channel.
    ///   - handshakeDeadline: when the TLS handshake must be complete; nil without TLS.
    init(_ limits: HTTPLimits, pool: HTTPConnectionPool, on loop: any EventLoop, handshakeDeadline: NIODeadline?) {
        self.limits = limits
        self.pool = pool
        self.loop = loop
        self.handshakeDeadline = handshakeDeadline
    }

    /// Sends a request; no other may be in flight on this connection.
    func send(_ exchange: Exchange) {
        self.exchange = exchange
        // Runs immediately if the request was cancelled while connecting.
        exchange.promise.futureResult.assumeIsolated().whenFailure { _ in self.abandon(exchange) }
        guard let context, context.channel.isActive, self.exchange === exchange else {
            return exchange.promise.fail(HTTPError.stale)
        }
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if let body = exchange.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        scheduleTimeout()
    }

    /// Closes the connection and takes it out of the pool first, since closing takes a while over TLS.
    func close() {
        pool.remove(self)
        context?.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        pendingTimeout?.task.cancel()
        exchange?.promise.fail(HTTPError.stale)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { handshakeDeadline = nil }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let exchange else { return close() }
        do {
            switch unwrapInboundIn(data) {
            case .head(let head): try exchange.response.append(head)
            case .body(let part): try exchange.response.append(part)
            case .end: finish(exchange)
            }
        } catch {
            exchange.promise.fail(error)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Bytes that the server sends without a request must not be taken for the next response. The codec reports only
        // complete parts, so the start of a part that arrived together with the previous response is not seen.
        if exchange == nil, !hasFinishedResponse { close() }
        hasFinishedResponse = false
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A TLS server that closes without a close_notify alert; `channelInactive` follows.
        if case .uncleanShutdown? = error as? NIOSSLError, exchange?.response.hasHead == false { return }
        if let exchange, exchange.response.hasHead, Self.isTrailerLengthError(error) {
            exchange.response.isKeptAlive = false
            return finish(exchange)
        }
        exchange?.promise.fail(exchange?.response.statusError ?? error)
        close()
    }

    /// Whether the error is about a length in a trailer. That length means nothing (RFC 9110, 6.5.1), but the parser
    /// reports an error. Once the head was received, such a length can only be in a trailer.
    private static func isTrailerLengthError(_ error: any Error) -> Bool {
        switch error as? HTTPParserError {
        case .unexpectedContentLength, .invalidContentLength: true
        default: false
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        pool.remove(self)
        guard let exchange else { return }
        self.exchange = nil
        exchange.promise.fail(
            exchange.response.statusError ?? (exchange.response.hasHead ? HTTPError.truncated : HTTPError.stale))
    }

    private func finish(_ exchange: Exchange) {
        self.exchange = nil
        hasFinishedResponse = true
        if exchange.response.isKeptAlive {
            idleSince = loop.now
            scheduleTimeout()
            pool.add(self)
        } else {
            close()
        }
        exchange.promise.completeWith(exchange.response.result())
    }

    private func abandon(_ exchange: Exchange) {
        guard self.exchange === exchange else { return }
        self.exchange = nil
        close()
    }

    /// When the request times out or, without a request, when the idle connection is closed.
    private var nextDeadline: NIODeadline {
        guard let exchange else { return idleSince + limits.idle }
        return min(exchange.deadline, handshakeDeadline ?? .distantFuture)
    }

    private func scheduleTimeout() {
        let nextDeadline = nextDeadline
        if let pendingTimeout, pendingTimeout.time <= nextDeadline { return }
        pendingTimeout?.task.cancel()
        scheduleTimeout(at: nextDeadline)
    }

    private func scheduleTimeout(at time: NIODeadline) {
        let task = loop.assumeIsolated().scheduleTask(deadline: time) {
            self.pendingTimeout = nil
            self.checkTimeout(time)
        }
        pendingTimeout = (time, task)
    }

    /// - Parameter time: when the check was scheduled for.
    private func checkTimeout(_ time: NIODeadline) {
        let now = loop.now
        guard nextDeadline <= now else { return scheduleTimeout() }
        guard now - time < Self.timerSlack else { return scheduleTimeout(at: now + Self.catchUpDelay) }
        guard let exchange else { return close() }
        exchange.promise.fail(exchange.response.statusError ?? timeoutError)
    }

    private var timeoutError: HTTPError {
        if handshakeDeadline != nil { return .connection(HTTPError.connectTimedOut) }
        return .timedOut("no complete response within the time limit")
    }
}
