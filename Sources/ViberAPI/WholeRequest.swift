import NIOCore
import NIOHTTP1

/// Hands a request to the kernel in one piece: head and body together.
///
/// The HTTP client flushes after the head, after the body and at the end, and each flush is a packet of its own.
final class WholeRequest: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private var isIncomplete = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { isIncomplete = false } else { isIncomplete = true }
        context.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        if !isIncomplete { context.flush() }
    }
}
