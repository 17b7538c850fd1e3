import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import ViberAPI

@Suite struct WholeRequestTests {
    /// Whatever is flushed on the way, nothing leaves before the request is whole; then all of it does.
    @Test func aRequestLeavesWhenItIsWhole() throws {
        let channel = EmbeddedChannel(handler: WholeRequest())
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/pa/get_online")
        for _ in 0..<2 {
            channel.writeAndFlush(HTTPClientRequestPart.head(head), promise: nil)
            channel.writeAndFlush(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(string: "{}"))), promise: nil)
            channel.flush()
            #expect(try channel.readOutbound(as: HTTPClientRequestPart.self) == nil)
            channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
            let parts = try (0..<3).map { _ in try channel.readOutbound(as: HTTPClientRequestPart.self) }
            #expect(parts == [.head(head), .body(.byteBuffer(ByteBuffer(string: "{}"))), .end(nil)])
        }
        #expect(try channel.finish().isClean)
    }
}
