import Foundation
import TestSupport
import Testing

@testable import ViberAPI

@Suite(.needs("python3")) struct BaseURLTests {
    struct Accepted: Sendable, CustomTestStringConvertible {
        var text: String
        var description: String
        var host: String
        var isSecure = true
        var testDescription: String { text }

        init(_ text: String, _ description: String, host: String, isSecure: Bool = true) {
            self.text = text
            self.description = description
            self.host = host
            self.isSecure = isSecure
        }
    }

    @Test(arguments: [
        Accepted("https://chatapi.viber.com", "https://chatapi.viber.com", host: "chatapi.viber.com"),
        Accepted("https://chatapi.viber.com///", "https://chatapi.viber.com", host: "chatapi.viber.com"),
        Accepted("HTTPS://ChatAPI.Viber.COM/", "https://chatapi.viber.com", host: "chatapi.viber.com"),
        Accepted("https://CHATAPI.viber.com./", "https://chatapi.viber.com.", host: "chatapi.viber.com."),
        Accepted("https://chatapi.viber.com.evil/", "https://chatapi.viber.com.evil", host: "chatapi.viber.com.evil"),
        Accepted("https://proxy.example/viber/v1/", "https://proxy.example/viber/v1", host: "proxy.example"),
        Accepted("https://proxy.example//Viber//", "https://proxy.example//Viber", host: "proxy.example"),
        Accepted("https://proxy.example:8443/x", "https://proxy.example:8443/x", host: "proxy.example"),
        Accepted("https://a:1", "https://a:1", host: "a"),
        Accepted("https://a:65535/", "https://a:65535", host: "a"),
        Accepted("https://169.254.169.254/", "https://169.254.169.254", host: "169.254.169.254"),
        Accepted("https://xn--e1afmkfd.example/", "https://xn--e1afmkfd.example", host: "xn--e1afmkfd.example"),
        Accepted("https://[::1]/", "https://[::1]", host: "[::1]"),
        Accepted("https://[2001:DB8::7]:444", "https://[2001:db8::7]:444", host: "[2001:db8::7]"),
        Accepted("http://127.0.0.1:8089", "http://127.0.0.1:8089", host: "127.0.0.1", isSecure: false),
        Accepted("http://127.255.0.9/p/", "http://127.255.0.9/p", host: "127.255.0.9", isSecure: false),
        Accepted("http://localhost", "http://localhost", host: "localhost", isSecure: false),
        Accepted("http://LocalHost:80/", "http://localhost:80", host: "localhost", isSecure: false),
        Accepted("http://[::1]:80/", "http://[::1]:80", host: "[::1]", isSecure: false),
    ])
    func `accepts HTTPS anywhere and plain HTTP to this machine`(_ expected: Accepted) throws {
        let url = try BaseURL(expected.text)
        #expect(url.description == expected.description)
        #expect(url.host == expected.host)
        #expect(url.isSecure == expected.isSecure)
    }

    /// The parts of a request: its address, its host name, and whether TLS sends a server name.
    @Test(
        arguments: [
            ("https://chatapi.viber.com", "chatapi.viber.com", 443, "", "chatapi.viber.com", false),
            ("https://chatapi.viber.com:443/", "chatapi.viber.com", 443, "", "chatapi.viber.com", false),
            ("https://proxy.example:8443/viber/", "proxy.example", 8_443, "/viber", "proxy.example:8443", false),
            ("https://a:80", "a", 80, "", "a:80", false), ("https://1.2.3.4", "1.2.3.4", 443, "", "1.2.3.4", true),
            ("https://1.2.3.04", "1.2.3.04", 443, "", "1.2.3.04", false),
            ("https://[2001:DB8::7]:444", "2001:db8::7", 444, "", "[2001:db8::7]:444", true),
            ("http://[::1]/x", "::1", 80, "/x", "[::1]", true),
            ("http://localhost:80", "localhost", 80, "", "localhost", false),
            ("http://127.0.0.1:8089", "127.0.0.1", 8_089, "", "127.0.0.1:8089", true),
            ("https://a/%7Eb/c%2F;d=1,2", "a", 443, "/%7Eb/c%2F;d=1,2", "a", false),
        ] as [(String, String, Int, String, String, Bool)])
    func `has the address and the path of a request`(
        _ text: String, _ address: String, _ port: Int, _ path: String, _ authority: String, _ isIPAddress: Bool
    ) throws {
        let url = try BaseURL(text)
        #expect(url.address == address)
        #expect(url.port == port)
        #expect(url.path == path)
        #expect(url.authority == authority)
        #expect(url.isIPAddress == isIPAddress)
    }

    @Test(
        arguments: [
            ("", .notAURL), ("chatapi.viber.com", .notAURL), ("https:/chatapi.viber.com", .notAURL),
            ("https://", .notAURL), ("https:///pa", .notAURL), ("https://:443", .notAURL),
            ("https://chatapi.viber.com/a b", .notAURL), (" https://chatapi.viber.com", .notAURL),
            ("https://chatapi.viber.com\n", .notAURL), ("https://chatapi.viber.com\u{0}", .notAURL),
            ("https://chatapi.viber.com\\@evil", .notAURL), ("https://caf\u{e9}.example", .notAURL),
            ("https://host/a{b}", .notAURL), ("https://host/a|b", .notAURL), ("https://host/\"", .notAURL),
            ("https://host/<a>", .notAURL), ("https://host/%", .notAURL), ("https://host/%2", .notAURL),
            ("https://host/%2g", .notAURL), ("https://host/%zz/pa", .notAURL), ("https://host/[", .notAURL),
            ("https://host%2eexample", .notAURL), ("https://[::1", .notAURL), ("https://[]", .notAURL),
            ("https://[evil]", .notAURL), ("https://a,b", .notAURL),
            ("file:///etc/passwd", .scheme), ("ftp://chatapi.viber.com", .scheme), ("://chatapi.viber.com", .scheme),
            ("https+unix://socket", .scheme), ("xhttps://chatapi.viber.com", .scheme),
            ("https://chatapi.viber.com@evil/", .userInfo), ("https://user:pass@chatapi.viber.com", .userInfo),
            ("http://127.0.0.1@evil/", .userInfo), ("https://chatapi.viber.com/@x", .userInfo),
            ("https://chatapi.viber.com/?auth=1", .queryOrFragment), ("https://chatapi.viber.com#pa", .queryOrFragment),
            ("https://chatapi.viber.com?@evil", .queryOrFragment),
            ("https://host:0", .port), ("https://host:99999", .port), ("https://host:65536", .port),
            ("https://host:", .port), ("https://host:-1", .port), ("https://host:80:80", .port),
            ("https://host:x", .port),
            ("https://[::1]evil", .port),
            ("http://chatapi.viber.com", .plainHTTP(host: "chatapi.viber.com")),
            ("http://127.0.0.1.evil.com", .plainHTTP(host: "127.0.0.1.evil.com")),
            ("http://127.1", .plainHTTP(host: "127.1")), ("http://127.0.0.256", .plainHTTP(host: "127.0.0.256")),
            ("http://127.0.0.08", .plainHTTP(host: "127.0.0.08")), ("http://127.0.0.+1", .notAURL),
            ("http://127.0.0", .plainHTTP(host: "127.0.0")), ("http://127.0.0.1.", .plainHTTP(host: "127.0.0.1.")),
            ("http://127...1", .plainHTTP(host: "127...1")), ("http://0.0.0.0", .plainHTTP(host: "0.0.0.0")),
            ("http://localhost.evil.com", .plainHTTP(host: "localhost.evil.com")),
            ("http://10.0.0.1:8089", .plainHTTP(host: "10.0.0.1")), ("http://[::2]", .plainHTTP(host: "[::2]")),
        ] as [(String, BaseURL.ParseError)])
    func `refuses what could send the token elsewhere`(_ text: String, _ problem: BaseURL.ParseError) {
        #expect(throws: problem) { try BaseURL(text) }
    }

    /// Error messages end up in mails and logs.
    @Test(arguments: [
        ("https://user:secret@api.example/", "https://…"), ("https://user:se/cret@api.example", "https://…"),
        ("https://api.example/?key=secret", "https://api.example/…"),
        ("https://api.example/secret", "https://api.example/…"),
        ("https://api.example#secret", "https://api.example/…"), ("https://api.example/?a=@secret", "https://…"),
        ("http://api.example:80", "http://api.example:80"), ("ftp://api.example", "ftp://api.example"),
        ("https://api.example:secret", "https://…"), ("https://[::1]:80/x", "https://[::1]:80/…"),
        ("user:secret@api.example", "…"), ("secret", "…"), ("se cret://x", "…"), ("", "…"),
    ])
    func `an invalid URL is shown without its secrets`(_ text: String, _ shown: String) {
        #expect(BaseURL.redacted(text) == shown)
        #expect(!BaseURL.redacted(text).contains("cret"))
    }

    @Test func `the default is the address of Viber`() throws {
        #expect(BaseURL.viber == (try BaseURL("https://chatapi.viber.com/")))
    }

    private static let pieces = [
        "https://", "http://", "HTTP://", "://", "/", "//", "@", ":", "?", "#", "\\", "%40", " ", "\t", "\u{0}", "[",
        "]",
        "[::1]", "127.0.0.1", "127.", "1", "localhost", "chatapi.viber.com", "evil", ".", "-", "80", ":443", ":65536",
        "caf\u{e9}", "\u{2028}", "pa", "..",
    ]

    /// Python's URL parser finds the same host in every accepted text, and no accepted http URL leads to another
    /// machine.
    @Test func `an accepted URL has the host that another parser finds`() async throws {
        var random = SeededRandom(seed: 11)
        var lines: [[String]] = []
        for _ in 0..<30_000 {
            var text = Self.pieces.prefix(3).randomElement(using: &random) ?? ""
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                text += Self.pieces.randomElement(using: &random) ?? ""
            }
            guard let url = try? BaseURL(text), !url.host.hasPrefix("[") || url.host == "[::1]" else { continue }
            lines.append([text, url.description, url.host, url.isSecure ? "https" : "http"])
        }
        #expect(lines.count > 1_000)
        let program = """
            import ipaddress, json, sys
            from urllib.parse import urlsplit
            for text, description, host, scheme in json.load(sys.stdin):
                for url in (text, description):
                    parts = urlsplit(url)
                    good = (parts.scheme == scheme and parts.hostname == host.strip("[]") and parts.username is None
                        and not parts.query and not parts.fragment and (parts.port is None or parts.port > 0))
                    if not good: print("reads another:", repr(url), host)
                if urlsplit(text).path.rstrip("/") != urlsplit(description).path: print("path:", repr(text), description)
                if scheme == "http" and host != "localhost" and not ipaddress.ip_address(host.strip("[]")).is_loopback:
                    print("not this machine:", repr(text))
            """
        let result = try await Tool.python(program, input: Array(try JSONEncoder().encode(lines)))
        #expect(result.output == "")
        #expect(result.error == "")
        #expect(result.code == 0)
    }
}
