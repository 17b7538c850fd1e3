import NIOCore
import NIOHTTP1
import NIOSSL
import NIOTLS

/// One connection to the server: HTTP/1.1, one request at a time. Used on the thread of its event loop only.
///
/// A request that fails, for whatever reason, ends its connection, unless its answer is whole and keeps the connection:
/// nobody else may get what is still on its way.
final class HTTPConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// A request and what has come of its answer.
    final class Exchange {
        let head: HTTPRequestHead
        let body: ByteBuffer?
        let promise: EventLoopPromise<HTTPResponse>
        /// When the answer has to be whole.
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
    /// When TLS has to be agreed on; nil when it is, and where there is none.
    private var handshakeDeadline: NIODeadline?
    private var idleSince = NIODeadline.distantPast
    /// Whether what is being read has ended an answer.
    private var hasFinishedResponse = false
    /// The next look at the clock. It is let stand when what it waits for is put off, since most requests end in time.
    private var pendingTimeout: (time: NIODeadline, task: Scheduled<Void>)?

    /// An alarm later than this says that the thread was kept from its work, by a slow disk for one, and so from reading.
    private static let timerSlack = TimeAmount.milliseconds(10)
    /// What such a thread needs to read what has come meanwhile.
    private static let catchUpDelay = TimeAmount.milliseconds(50)

    /// `pool`: is told when the connection can take another request, and when it is gone.
    /// `handshakeDeadline`: when TLS has to be agreed on, if there is TLS.
    init(_ limits: HTTPLimits, pool: HTTPConnectionPool, on loop: any EventLoop, handshakeDeadline: NIODeadline?) {
        self.limits = limits
        self.pool = pool
        self.loop = loop
        self.handshakeDeadline = handshakeDeadline
    }

    /// Sends a request; nothing else may be on its way.
    func send(_ exchange: Exchange) {
        self.exchange = exchange
        // At once, if the request was given up while the connection was made.
        exchange.promise.futureResult.assumeIsolated().whenFailure { _ in self.abandon(exchange) }
        guard let context, context.channel.isActive, self.exchange === exchange else {
            return exchange.promise.fail(HTTPError.stale)
        }
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if let body = exchange.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        scheduleTimeout()
    }

    /// Nothing is sent on it any more; over TLS the closing itself takes a while.
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
        // A server that speaks unasked must not be taken for one that answers the next request. The codec tells of what is
        // whole only, so that a beginning that came with the answer before it is not seen.
        if exchange == nil, !hasFinishedResponse { close() }
        hasFinishedResponse = false
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A TLS server that closes without a word; that it has closed is told next.
        if case .uncleanShutdown? = error as? NIOSSLError, exchange?.response.hasHead == false { return }
        if let exchange, exchange.response.hasHead, Self.isTrailerLengthError(error) {
            exchange.response.isKeptAlive = false
            return finish(exchange)
        }
        exchange?.promise.fail(exchange?.response.statusError ?? error)
        close()
    }

    /// A length in a trailer, behind the whole body, means nothing (RFC 9110, 6.5.1), and the parser takes it for an error. Once
    /// the head has come it can be nowhere else.
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

    /// When the connection has waited long enough for what it waits for.
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

    /// `time`: when the alarm should have rung.
    private func checkTimeout(_ time: NIODeadline) {
        let now = loop.now
        guard nextDeadline <= now else { return scheduleTimeout() }
        guard now - time < Self.timerSlack else { return scheduleTimeout(at: now + Self.catchUpDelay) }
        guard let exchange else { return close() }
        exchange.promise.fail(exchange.response.statusError ?? timeoutError)
    }

    private var timeoutError: HTTPError {
        if handshakeDeadline != nil { return .connection(HTTPError.connectTimedOut) }
        return .timedOut("no whole answer came within the time limit")
    }
}
