import NIOHTTP1

/// The bytes and pauses of a response on the wire: the response itself, or the changes of a toxic.
enum WireScript {
    enum Step: Sendable, Equatable {
        case send([UInt8])
        case wait(Duration)
        /// Closes the connection normally, or with a reset. Always the last step.
        case close, reset
        /// Does nothing until the client disconnects. Always the last step.
        case hold
    }

    /// The steps of a response. If the last one is `send`, the connection serves the next request.
    ///
    /// - Parameters:
    ///   - reply: the response.
    ///   - fault: the fault of the request; only toxics matter.
    /// - Returns: at least one step.
    static func steps(for reply: SandboxReply, _ fault: Fault?) -> [Step] {
        let body = reply.body
        let head = head(reply, "content-length: \(body.count)\r\n")
        let whole = head + body
        guard case .toxic(let toxic) = fault?.kind, let amount = fault?.amount else { return [.send(whole)] }
        let headWithoutLength = Self.head(reply, "")
        switch toxic {
        case .latency: return [.wait(.milliseconds(amount)), .send(whole)]
        case .bandwidth: return trickle(whole, bytesPerSecond: amount)
        case .slicer: return whole.map { .send([$0]) }
        case .drip: return [.send(head)] + body.flatMap { [.wait(.seconds(1)), .send([$0])] }
        case .timeout: return [.hold]
        case .down, .resetPeer: return [.reset]
        // An immediate reset could overtake the data.
        case .resetBody: return [.send(head + body[..<(body.count / 2)]), .wait(.milliseconds(20)), .reset]
        case .stale: return [.close]
        case .closeAfter: return [.send(whole), .close]
        case .slowClose: return [.send(headWithoutLength + body), .wait(.milliseconds(amount)), .close]
        case .untilClose: return [.send(headWithoutLength + body), .close]
        case .cutJSON: return [.send(headWithoutLength + body.prefix(20)), .close]
        case .limitData: return [.send(Array(whole.prefix(amount))), .close]
        case .shortLength:
            return [.send(Self.head(reply, "content-length: \(body.count + 55)\r\n") + body), .close]
        case .twoLengths:
            let lengths = "content-length: \(body.count)\r\ncontent-length: \(body.count + 1)\r\n"
            return [.send(Self.head(reply, lengths) + body), .close]
        case .cutChunk: return [.send(chunked(reply, body.count) + body[..<(body.count / 2)]), .close]
        case .endlessBody:
            let blanks = [UInt8](repeating: 0x20, count: mebibyte)
            return [.send(chunked(reply, 1_024 * mebibyte))] + Array(repeating: .send(blanks), count: 1_024) + [.close]
        case .manyHeaders:
            let headers = (1...20_000).map { "x-filler-\($0): \($0)\r\n" }.joined()
            return [.send(Self.head(reply, "content-length: \(body.count)\r\n" + headers) + body)]
        case .endlessHeader:
            let letters = [UInt8](repeating: 0x61, count: mebibyte)
            let beginning = Array("HTTP/1.1 200 OK\r\nx-endless: ".utf8)
            return [.send(beginning)] + Array(repeating: .send(letters), count: 64) + [.close]
        case .garbage:
            var random = SplitMix64(state: 17)
            return [.send((0..<512).map { _ in UInt8(truncatingIfNeeded: random.next()) }), .close]
        // A TLS alert: handshake_failure (RFC 5246, 7.2).
        case .tlsBytes: return [.send([21, 3, 3, 0, 2, 2, 40]), .close]
        case .zeroCode:
            let headers = head.drop { $0 != 0x0a }.dropFirst()
            return [.send(Array("HTTP/1.1 000 Nothing\r\n".utf8) + headers + body)]
        case .earlyHints:
            let early = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n"
            return [.send(Array(early.utf8) + whole)]
        }
    }

    private static let mebibyte = 1 << 20

    /// - Parameters:
    ///   - reply: the response.
    ///   - framing: header lines that give the length of the body.
    /// - Returns: the status line and the headers.
    private static func head(_ reply: SandboxReply, _ framing: String) -> [UInt8] {
        let status = HTTPResponseStatus(statusCode: reply.code)
        let lines = reply.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        let end = reply.code == 204 ? "\r\n" : framing + "\r\n"
        return Array("HTTP/1.1 \(reply.code) \(status.reasonPhrase)\r\n\(lines)\(end)".utf8)
    }

    /// The head of a chunked response and the start of a chunk of `size` bytes.
    private static func chunked(_ reply: SandboxReply, _ size: Int) -> [UInt8] {
        head(reply, "transfer-encoding: chunked\r\n") + Array("\(String(size, radix: 16))\r\n".utf8)
    }

    /// Sends ten slices per second.
    private static func trickle(_ bytes: [UInt8], bytesPerSecond: Int) -> [Step] {
        let size = max(1, bytesPerSecond / 10)
        let pause = Duration.seconds(size) / bytesPerSecond
        return stride(from: 0, to: bytes.count, by: size).flatMap { start -> [Step] in
            [.wait(pause), .send(Array(bytes[start..<min(start + size, bytes.count)]))]
        }
    }
}
