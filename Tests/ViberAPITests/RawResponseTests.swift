import Model
import TestSupport
import Testing

@testable import ViberAPI

/// The client against bytes that the sandbox does not send.
@Suite struct RawResponseTests {
    /// The result of a client for this response.
    private func result(of answer: String) async throws -> Result<BatchReply, RequestFailure> {
        let server = try CannedServer(answer)
        defer { server.stop() }
        return try await server.fetch()
    }

    private func failure(of answer: String) async throws -> RequestFailure { try await result(of: answer).failure }

    @Test func `a connection closed before the first byte is stale`() async throws {
        let failure = try await failure(of: "")
        #expect(failure.failureClass == .stale)
        #expect(failure.reason == .connection)
        #expect(failure.description == "no answer from 127.0.0.1: the server closed the connection")
        #expect(failure.requestCounts == RequestCounts())
    }

    @Test(arguments: [
        "H", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"status\":0,",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n\(CannedAnswer.body)",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"sta\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{\"sta",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "\(String(CannedAnswer.body.utf8.count, radix: 16))\r\n\(CannedAnswer.body)\r\n",
        "HTTP/1.1 200 OK\r\n\r\n{\"status\":0,",
    ])
    func `a truncated response is not stale`(_ answer: String) async throws {
        #expect(try await failure(of: answer).failureClass == .transient)
    }

    /// Without a length the body ends with the connection, so only the JSON shows that it is truncated.
    @Test func `every truncation without a length is found`() async throws {
        for length in stride(from: 0, to: CannedAnswer.body.utf8.count, by: 6) {
            let failure = try await failure(of: "HTTP/1.1 200 OK\r\n\r\n\(CannedAnswer.body.prefix(length))")
            #expect(failure.failureClass == .transient)
            #expect(failure.reason == .protocolError)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n",
        "HTTP/1.1 200\r\n\r\n",
    ])
    func `a complete response without a length is read`(_ head: String) async throws {
        #expect(try await result(of: head + CannedAnswer.body).isGood)
    }

    @Test(arguments: [
        "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n",
    ])
    func `informational heads are skipped`(_ heads: String) async throws {
        #expect(try await result(of: heads + CannedAnswer.whole()).isGood)
    }

    @Test(arguments: [
        "Content-Length: 73\r\nContent-Length: 74", "Content-Length: 74\r\nContent-Length: 73",
        "Content-Length: 73, 74", "Content-Length: 73\r\nTransfer-Encoding: chunked",
        "Content-Length: -1", "Content-Length: 0x49", "Content-Length: 99999999999999999999",
    ])
    func `contradicting or invalid lengths are refused`(_ lengths: String) async throws {
        #expect(CannedAnswer.body.utf8.count == 73)
        let failure = try await failure(of: "HTTP/1.1 200 OK\r\n\(lengths)\r\n\r\n\(CannedAnswer.body)")
        #expect(failure.failureClass == .transient)
        #expect(failure.reason == .protocolError)
    }

    @Test(arguments: [
        String(repeating: "X-Filler: 1\r\n", count: 20_000), "X-Filler: " + String(repeating: "x", count: 1 << 20),
        String(repeating: "x", count: 1 << 20),
    ])
    func `an endless head is refused`(_ headers: String) async throws {
        let failure = try await failure(of: "HTTP/1.1 200 OK\r\n\(headers)\r\n\r\n\(CannedAnswer.body)")
        #expect(failure.failureClass == .transient)
        #expect(failure.description == "127.0.0.1 answered with an invalid response: it is not HTTP")
    }

    @Test(arguments: [
        [UInt8]("no HTTP at all\r\n\r\n".utf8), Array("SSH-2.0-OpenSSH_9.2p1\r\n".utf8),
        Array("ICY 200 OK\r\n\r\n".utf8), Array("HTTP/9.9 200 OK\r\n\r\n".utf8), Array(0...255),
        [UInt8](repeating: 0, count: 4_096),
        // A TLS server responds to plain text with an alert.
        [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46], [0x16, 0x03, 0x03, 0x00, 0x7A] + [UInt8](repeating: 7, count: 122),
        // An HTTP/2 server starts with its settings.
        [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100],
    ])
    func `other protocols are refused`(_ answer: [UInt8]) async throws {
        let server = try CannedServer(answer)
        defer { server.stop() }
        let failure = try await server.fetch().failure
        #expect(failure.failureClass == .transient)
        #expect(failure.description == "127.0.0.1 answered with an invalid response: it is not HTTP")
    }

    @Test(arguments: ["HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"])
    func `an empty response is refused`(_ answer: String) async throws {
        let failure = try await failure(of: answer)
        #expect(failure.failureClass == .transient)
        #expect([.protocolError, .http(204)].contains(failure.reason))
        #expect(!failure.isWebPage)
    }
}
