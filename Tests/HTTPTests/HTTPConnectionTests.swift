import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOSSL
import NIOTLS
import TestSupport
import Testing

@testable import HTTP

/// One connection with the HTTP codec, on a simulated clock.
@Suite struct HTTPConnectionTests {
    private let channel = EmbeddedChannel()
    private let flushes = FlushCounter()
    private let pool: HTTPConnectionPool
    private let connection: HTTPConnection
    private var loop: EmbeddedEventLoop { channel.embeddedEventLoop }

    private static let endpoint = HTTPEndpoint(address: "127.0.0.1", port: 9, isSecure: false, serverName: nil)
    private static let request = "POST /pa/get_online HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
    private static let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
    private static let response = head + "{}"

    init() throws {
        let limits = HTTPLimits(connect: .seconds(5))
        pool = HTTPConnectionPool(channel.eventLoop, to: Self.endpoint, tls: nil, limits: limits)
        connection = HTTPConnection(limits, pool: pool, on: channel.eventLoop, handshakeDeadline: nil)
        try channel.pipeline.syncOperations.addHandlers(
            flushes, HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder()), connection)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 9)).wait()
    }

    private final class FlushCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var count = 0
        func flush(context: ChannelHandlerContext) {
            count += 1
            context.flush()
        }
    }

    /// The result of a request.
    private final class Outcome {
        var result: Result<HTTPResponse, any Error>?
        var error: HTTPError? {
            if case .failure(let error) = result { HTTPError(translating: error) } else { nil }
        }
        var isGood: Bool { if case .success = result { true } else { false } }
    }

    private func exchange(
        timeout: TimeAmount = .seconds(30)
    ) -> (exchange: HTTPConnection.Exchange, outcome: Outcome, promise: EventLoopPromise<HTTPResponse>) {
        let promise = channel.eventLoop.makePromise(of: HTTPResponse.self)
        let outcome = Outcome()
        promise.futureResult.assumeIsolated().whenComplete { outcome.result = $0 }
        let head = HTTPRequestHead(
            version: .http1_1, method: .POST, uri: "/pa/get_online", headers: ["Content-Length": "2"])
        let exchange = HTTPConnection.Exchange(
            head, body: ByteBuffer(string: "{}"), deadline: loop.now + timeout, promise: promise)
        return (exchange, outcome, promise)
    }

    private func send(on connection: HTTPConnection? = nil, timeout: TimeAmount = .seconds(30)) -> Outcome {
        let (exchange, outcome, _) = exchange(timeout: timeout)
        (connection ?? self.connection).send(exchange)
        return outcome
    }

    private func receive(_ bytes: String) throws { try channel.writeInbound(ByteBuffer(string: bytes)) }

    /// The bytes sent since the last call.
    private func sent() throws -> String {
        var text = ""
        while let part = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
        return text
    }

    @Test func `a request is sent at once and the next one uses the same connection`() throws {
        for number in 1...2 {
            let outcome = send()
            #expect(flushes.count == number)
            #expect(try sent() == Self.request)
            try receive(Self.head)
            #expect(outcome.result == nil)
            try receive("{}")
            #expect(try outcome.result?.get().body == Array("{}".utf8))
            #expect(channel.isActive)
        }
    }

    @Test func `a connection that is not used for five seconds is closed`() throws {
        for _ in 0..<3 {
            let outcome = send()
            loop.advanceTime(by: .seconds(4))
            try receive(Self.response)
            #expect(outcome.isGood)
            loop.advanceTime(by: .milliseconds(4_999))
            #expect(channel.isActive)
        }
        loop.advanceTime(by: .milliseconds(1))
        #expect(!channel.isActive)
    }

    @Test func `a silent server times out at the deadline`() throws {
        let outcome = send()
        loop.advanceTime(by: .milliseconds(29_999))
        #expect(outcome.result == nil)
        loop.advanceTime(by: .milliseconds(1))
        #expect(outcome.error == .timedOut("no complete response within the time limit"))
        #expect(!channel.isActive)
    }

    /// Bytes that arrive do not extend the deadline: a head in pieces, and informational heads.
    @Test(arguments: ["x", "HTTP/1.1 102 Processing\r\n\r\n"])
    func `a trickling response times out at its deadline`(_ drop: String) throws {
        let outcome = send()
        try receive(drop.count == 1 ? "HTTP/1.1 200 OK\r\nX-Filler: " : drop)
        for _ in 0..<2 {
            loop.advanceTime(by: .seconds(14))
            try receive(drop)
        }
        #expect(outcome.result == nil)
        loop.advanceTime(by: .seconds(2))
        #expect(outcome.error == .timedOut("no complete response within the time limit"))
        #expect(!channel.isActive)
    }

    /// The timer of the idle connection is already running when a request with a shorter limit is sent.
    @Test func `a shorter limit than the previous one is kept`() throws {
        let first = send()
        try receive(Self.response)
        #expect(first.isGood)
        let second = send(timeout: .milliseconds(200))
        loop.advanceTime(by: .milliseconds(200))
        #expect(second.error == .timedOut("no complete response within the time limit"))
    }

    /// The TLS handshake is part of connecting.
    @Test(arguments: [true, false]) func `a handshake has its own limit`(_ isAgreed: Bool) throws {
        let secure = HTTPConnection(
            HTTPLimits(connect: .seconds(5)), pool: pool, on: channel.eventLoop,
            handshakeDeadline: loop.now + .seconds(5))
        try channel.pipeline.syncOperations.addHandler(secure)
        let outcome = send(on: secure)
        loop.advanceTime(by: .milliseconds(4_999))
        if isAgreed {
            channel.pipeline.fireUserInboundEventTriggered(TLSUserEvent.handshakeCompleted(negotiatedProtocol: nil))
        }
        loop.advanceTime(by: .milliseconds(1))
        #expect(outcome.error == (isAgreed ? nil : .connection("no connection within the time limit")))
        loop.advanceTime(by: .seconds(25))
        if isAgreed { #expect(outcome.error == .timedOut("no complete response within the time limit")) }
    }

    @Test func `a cancelled request closes its connection`() throws {
        let (exchange, outcome, promise) = exchange()
        connection.send(exchange)
        promise.fail(CancellationError())
        loop.run()
        #expect(outcome.error == .connection("the request was cancelled"))
        #expect(!channel.isActive)
    }

    @Test func `a request that was cancelled before is not sent`() throws {
        let (exchange, outcome, promise) = exchange()
        promise.fail(CancellationError())
        connection.send(exchange)
        #expect(outcome.error == .connection("the request was cancelled"))
        #expect(try sent().isEmpty)
        #expect(!channel.isActive)
    }

    @Test(arguments: ["HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 401 No\r\nContent-Le", "x"])
    func `unsolicited bytes close the connection`(_ bytes: String) throws {
        let outcome = send()
        try receive(Self.response)
        #expect(outcome.isGood && channel.isActive)
        try? receive(bytes)
        #expect(!channel.isActive)
    }

    @Test func `a second response after the first closes the connection`() throws {
        let outcome = send()
        try? receive(Self.response + "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n")
        #expect(outcome.isGood)
        #expect(!channel.isActive)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 X\r\nContent-Length: 20000\r\n\r\n", "HTTP/1.1 503 X\r\n\r\n",
    ])
    func `a connection that cannot be used again is closed`(_ response: String) throws {
        let outcome = send()
        try receive(response)
        #expect(outcome.result != nil)
        #expect(!channel.isActive)
    }

    @Test func `a connection of a closed client is closed with its request`() throws {
        let outcome = send()
        pool.close()
        #expect(channel.isActive)
        try receive(Self.response)
        #expect(outcome.isGood)
        #expect(!channel.isActive)
    }

    @Test func `a request on a closed connection is stale`() throws {
        try channel.close().wait()
        #expect(send().error == .stale)
    }

    @Test(arguments: [(false, HTTPError.stale), (true, .truncated)])
    func `a connection that closes fails its request`(_ hasHead: Bool, _ error: HTTPError) throws {
        let outcome = send()
        if hasHead { try receive(Self.head) }
        try? channel.close().wait()
        #expect(outcome.error == error)
    }

    /// Over TLS, a close without close_notify is reported as an error first.
    @Test func `an unclean TLS shutdown before the head is stale`() throws {
        let outcome = send()
        channel.pipeline.fireErrorCaught(NIOSSLError.uncleanShutdown)
        #expect(outcome.result == nil)
        try channel.close().wait()
        #expect(outcome.error == .stale)
    }

    @Test func `an unclean TLS shutdown in the body is an error`() throws {
        let outcome = send()
        try receive(Self.head)
        channel.pipeline.fireErrorCaught(NIOSSLError.uncleanShutdown)
        #expect(outcome.error == .connection("the TLS connection failed"))
    }

    /// The status counts, even if the body does not arrive.
    @Test func `an error status counts although its body is missing`() throws {
        let outcome = send()
        try receive("HTTP/1.1 503 X\r\nContent-Length: 5\r\n\r\n")
        #expect(outcome.result == nil)
        loop.advanceTime(by: .seconds(30))
        #expect(outcome.error == .status(503, HTTPError.Headers()))
        #expect(!channel.isActive)
    }
}
