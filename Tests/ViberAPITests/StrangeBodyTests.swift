import Foundation
import Model
import TestSupport
import Testing

@testable import ViberAPI

/// Bodies with HTTP status 200 that are not a response of the API.
@Suite struct StrangeBodyTests {
    /// The failure of a client for this body.
    private func failure(_ body: [UInt8], head: String = "200 OK") async throws -> RequestFailure {
        let server = try CannedServer(
            Array("HTTP/1.1 \(head)\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
        defer { server.stop() }
        return try await server.fetch().failure
    }

    private func pageFailure(_ body: String, type: String? = nil) async throws -> RequestFailure {
        try await failure(Array(body.utf8), head: "200 OK" + (type.map { "\r\nContent-Type: \($0)" } ?? ""))
    }

    /// Compression was not requested, so nothing is decompressed: neither a good response nor 50 MB of zeros.
    @Test(.needs("python3")) func `compression that was not requested is refused`() async throws {
        let program = """
            import base64, gzip, sys, zlib
            body = sys.argv[1].encode()
            whole, bare = gzip.compress(body), zlib.compressobj(wbits=-15)
            bodies = {
                "whole": whole, "truncated": whole[:-12], "checksum": whole[:-8] + bytes(4) + whole[-4:],
                "two members": whole + whole, "bomb": gzip.compress(bytes(50_000_000), 1),
                "zlib": zlib.compress(body), "bare": bare.compress(body) + bare.flush()}
            for name, content in bodies.items(): print(name, base64.b64encode(content).decode(), sep=":")
            """
        let packed = try await Tool.python(program, [CannedAnswer.body])
        let lines = packed.output.split(separator: "\n").map { $0.split(separator: ":").map(String.init) }
        #expect(lines.count == 7)
        for line in lines {
            let body = try #require(Data(base64Encoded: line[1]))
            for encoding in ["gzip", "deflate", "identity"] {
                let failure = try await failure(Array(body), head: "200 OK\r\nContent-Encoding: \(encoding)")
                let what = "the body is not the JSON of get_online (\(body.count) bytes)"
                #expect(failure.description == "127.0.0.1 answered with an invalid response: \(what)", "\(line[0])")
                #expect(failure.failureClass == .transient)
                #expect(failure.reason == .protocolError)
                #expect(!failure.isWebPage)
            }
        }
    }

    @Test func `brotli is refused`() async throws {
        let hello: [UInt8] = [0x0B, 0x02, 0x80, 0x68, 0x65, 0x6C, 0x6C, 0x6F, 0x03]
        let failure = try await failure(hello, head: "200 OK\r\nContent-Encoding: br")
        #expect(failure.failureClass == .transient)
        #expect(failure.reason == .protocolError)
    }

    @Test(
        arguments: [
            ("<!DOCTYPE html>\n<title>Log in</title>", nil, #"<!DOCTYPE html>\u{a}<title>Log in</title>"#),
            (" \r\n<html>", nil, #" \u{d}\u{a}<html>"#),
            ("<?xml version=\"1.0\"?>", "application/xml", "<?xml version=\"1.0\"?>"),
            ("Please log in", "text/html; charset=utf-8", "Please log in"),
            ("Please log in", "TEXT/HTML", "Please log in"),
            ("<p>\u{1b}[2J\u{202e}", "text/html", #"<p>\u{1b}[2J\u{202e}"#),
            (
                "<p>" + String(repeating: "x", count: 90), "text/html",
                "<p>" + String(repeating: "x", count: 77) + "…"
            ),
        ] as [(String, String?, String)])
    func `a web page is reported with its first bytes`(_ body: String, _ type: String?, _ shown: String)
        async throws
    {
        let failure = try await pageFailure(body, type: type)
        #expect(failure.description == "127.0.0.1 answered with a web page, not JSON ('\(shown)')")
        #expect(failure.isWebPage)
        #expect(failure.failureClass == .transient)
        #expect(failure.reason == .protocolError)
    }

    @Test(arguments: [0, 30, 60, 75, 79, 80])
    func `a page never shows the token`(_ offset: Int) async throws {
        let failure = try await pageFailure(
            "<" + String(repeating: "x", count: offset) + Program.canary + Program.canary)
        #expect(failure.isWebPage)
        #expect(!failure.description.contains(Program.canary.prefix(4)))
    }

    @Test(
        arguments: [
            ("Please log in", nil), ("Please log in", "text/plain"), ("", "text/html"), (" \r\n", "text/html"),
            (#"{"status":0,"#, "text/html"), (#"{"status":0}"#, "text/html"), ("[<html>]", nil),
        ] as [(String, String?)])
    func `other bodies are not reported as web pages`(_ body: String, _ type: String?) async throws {
        let failure = try await pageFailure(body, type: type)
        #expect(!failure.isWebPage)
        #expect(failure.description.hasPrefix("127.0.0.1 answered with an invalid response: "))
    }

    @Test func `the account call reports a web page too`() async throws {
        let server = try CannedServer(CannedAnswer.whole("<html>\(Program.canary)"))
        defer { server.stop() }
        let failure = try await server.withClient { client in
            await #expect(throws: RequestFailure.self) { try await client.accountInfo() }
        }
        #expect(failure?.isWebPage == true)
        #expect(failure?.description == "127.0.0.1 answered with a web page, not JSON ('<html><token>')")
    }
}
