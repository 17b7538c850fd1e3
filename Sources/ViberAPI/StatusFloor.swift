import NIOCore
import NIOHTTP1

/// Refuses an answer with a status below 100, such as `HTTP/1.1 000`.
///
/// The HTTP client passes it over like `100 Continue`, and ends the process at the body, which `100 Continue` has not.
final class StatusFloor: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data), head.status.code < 100 {
            context.fireErrorCaught(HTTPParserError.invalidStatus)
        } else {
            context.fireChannelRead(data)
        }
    }
}
