import TestSupport
import Testing

@testable import HTTP

/// A trailer follows the whole body, and a length in it must be ignored (RFC 9110, 6.5.1).
@Suite struct TrailerTests {
    /// The result for a response with these bytes after its status line.
    private func response(_ rest: String) async throws -> HTTPResponse {
        let server = try CannedServer { connection in
            guard connection.readRequest() else { return }
            connection.send(Array("HTTP/1.1 200 OK\r\n\(rest)".utf8))
            connection.waitForEnd()
        }
        defer { server.stop() }
        let endpoint = HTTPEndpoint(address: "127.0.0.1", port: server.port, isSecure: false, serverName: nil)
        let options = HTTPClient.Options(endpoint: endpoint, headers: [("Host", "x")], timeout: .seconds(20))
        return try await HTTPClient.with(options) { client in
            try await client.send(HTTPRequest(.get, "/"))
        }
    }

    private static let chunks = "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"

    @Test(arguments: [
        "", "Content-Length: 2\r\n", "Content-Length: 99\r\n", "X: y\r\nContent-Length: x\r\n", "Digest: x\r\n",
    ])
    func `a length in a trailer is ignored`(_ trailer: String) async throws {
        #expect(try await response(Self.chunks + trailer + "\r\n").body == Array("{}".utf8))
    }

    /// An invalid length in the head, or of a chunk, makes the response invalid.
    @Test(arguments: [
        "Content-Length: x\r\n" + chunks + "\r\n", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nx\r\n\r\n",
    ])
    func `an invalid length anywhere else is refused`(_ rest: String) async throws {
        await #expect(throws: HTTPError.invalidResponse("it is not HTTP")) { try await response(rest) }
    }
}
