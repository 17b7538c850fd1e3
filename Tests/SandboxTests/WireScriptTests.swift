import Testing

@testable import Sandbox

@Suite struct WireScriptTests {
    private static let reply = SandboxReply.json(Array(#"{"status":0,"users":["abcdefghijklmnopqrstuvwxyz"]}"#.utf8))
    private static let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
    private static let body = String(decoding: reply.body, as: UTF8.self)
    private static let whole = "\(head)content-length: \(body.utf8.count)\r\n\r\n\(body)"

    private static func steps(_ fault: String) throws -> [WireScript.Step] {
        let fault: Fault = try #require(Fault(fault))
        return WireScript.steps(for: reply, fault)
    }

    private static func send(_ text: String) -> WireScript.Step { .send(Array(text.utf8)) }

    /// All bytes that are sent.
    private static func sent(_ steps: [WireScript.Step]) -> String {
        String(
            decoding: steps.flatMap { step -> [UInt8] in if case .send(let bytes) = step { bytes } else { [] } },
            as: UTF8.self)
    }

    private static func waits(_ steps: [WireScript.Step]) -> [Duration] {
        steps.compactMap { step -> Duration? in if case .wait(let duration) = step { duration } else { nil } }
    }

    @Test(arguments: [nil, "missing", "gzip", "http-503"]) func `is the response without a toxic`(_ text: String?)
        throws
    {
        let fault = try text.map { try #require(Fault($0)) }
        #expect(WireScript.steps(for: Self.reply, fault) == [Self.send(Self.whole)])
    }

    @Test func `carries every header and no length with 204`() throws {
        let fault = try #require(Fault("http-429:1|2"))
        let reply = try #require(SandboxReply.replacement(by: fault))
        #expect(
            Self.sent(WireScript.steps(for: reply, nil))
                == "HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\nretry-after: 2\r\ncontent-length: 32\r\n\r\n"
                + "<html><body>Sorry.</body></html>")
        #expect(Self.sent(WireScript.steps(for: SandboxReply(code: 204), nil)) == "HTTP/1.1 204 No Content\r\n\r\n")
    }

    @Test func `closes the connection without a response`() throws {
        #expect(try Self.steps("down") == [.reset])
        #expect(try Self.steps("reset-peer") == [.reset])
        #expect(try Self.steps("stale") == [.close])
        #expect(try Self.steps("timeout") == [.hold])
    }

    @Test func `sends the response late or slowly`() throws {
        #expect(try Self.steps("latency") == [.wait(.seconds(1)), Self.send(Self.whole)])
        #expect(try Self.steps("latency:20") == [.wait(.milliseconds(20)), Self.send(Self.whole)])
        #expect(try Self.steps("slicer") == Self.whole.utf8.map { .send([$0]) })
        let drip = try Self.steps("drip")
        #expect(drip.first == Self.send(String(Self.whole.dropLast(Self.body.count))))
        #expect(Self.sent(drip) == Self.whole)
        #expect(Self.waits(drip) == Array(repeating: .seconds(1), count: Self.body.count))
    }

    @Test(arguments: [(nil, 1_024), (5, 5), (100, 100), (100_000, 100_000)] as [(Int?, Int)])
    func `keeps to the bandwidth`(_ amount: Int?, _ rate: Int) throws {
        let steps = try Self.steps("bandwidth" + (amount.map { ":\($0)" } ?? ""))
        #expect(Self.sent(steps) == Self.whole)
        var sent = 0
        var passed = Duration.zero
        for step in steps {
            switch step {
            case .wait(let duration): passed += duration
            case .send(let bytes): sent += bytes.count
            default: Issue.record("\(step)")
            }
            #expect(Double(sent) <= passed / .seconds(1) * Double(rate) + 0.001)
        }
        // Not much slower either: the last slice may be short.
        #expect(passed / .seconds(1) * Double(rate) < Double(sent + max(1, rate / 10)))
    }

    @Test func `ends the response by closing`() throws {
        let headWithoutLength = Self.head + "\r\n"
        #expect(try Self.steps("until-close") == [Self.send(headWithoutLength + Self.body), .close])
        #expect(try Self.steps("cut-json") == [Self.send(headWithoutLength + Self.body.prefix(20)), .close])
        #expect(
            try Self.steps("slow-close:30") == [
                Self.send(headWithoutLength + Self.body), .wait(.milliseconds(30)), .close,
            ])
        #expect(try Self.steps("close-after") == [Self.send(Self.whole), .close])
    }

    @Test func `truncates the response`() throws {
        let half = Self.body.prefix(Self.body.count / 2)
        let chunk =
            Self.head + "transfer-encoding: chunked\r\n\r\n" + String(Self.body.count, radix: 16) + "\r\n" + half
        #expect(try Self.steps("cut-chunk") == [Self.send(chunk), .close])
        #expect(try Self.steps("limit-data") == [.send(Array(Self.whole.utf8.prefix(100))), .close])
        #expect(try Self.steps("limit-data:7") == [Self.send("HTTP/1."), .close])
        #expect(try Self.steps("limit-data:100000") == [Self.send(Self.whole), .close])
        let short = "\(Self.head)content-length: \(Self.body.count + 55)\r\n\r\n\(Self.body)"
        #expect(try Self.steps("short-length") == [Self.send(short), .close])
        let reset = try Self.steps("reset-body")
        #expect(Self.sent(reset) == Self.whole.dropLast(Self.body.count) + half)
        #expect(reset.last == .reset)
    }

    @Test func `sends other bytes than HTTP`() throws {
        for fault in ["garbage", "tls-bytes"] {
            let steps = try Self.steps(fault)
            #expect(steps.last == .close)
            #expect(!Self.sent(steps).hasPrefix("H"))
        }
        #expect(try Self.steps("tls-bytes").first == .send([21, 3, 3, 0, 2, 2, 40]))
        #expect(try Self.sent(Self.steps("zero-code")) == Self.whole.replacing("200 OK", with: "000 Nothing"))
    }

    @Test func `sends too much`() throws {
        for (fault, count, letter) in [("endless-body", 1_024, 0x20), ("endless-header", 64, 0x61)]
            as [(String, Int, UInt8)]
        {
            let steps = try Self.steps(fault)
            #expect(steps.count == count + 2)
            #expect(steps.last == .close)
            #expect(steps[1] == .send(Array(repeating: letter, count: 1 << 20)))
            let sizes = steps.dropFirst().dropLast().map { if case .send(let bytes) = $0 { bytes.count } else { 0 } }
            #expect(sizes == Array(repeating: 1 << 20, count: count))
        }
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n40000000\r\n"
        #expect(try Self.steps("endless-body").first == Self.send(head))
        #expect(try Self.steps("endless-header").first == Self.send("HTTP/1.1 200 OK\r\nx-endless: "))
    }
}
