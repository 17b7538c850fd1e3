import Foundation
import Model
import TestSupport
import Testing

/// The cases of the decoder tests, once through the whole client.
@Suite struct ResponsesOverTheWireTests {
    /// The result of a client for this body with HTTP status 200.
    private func result(_ body: [UInt8]) async throws -> Result<BatchReply, RequestFailure> {
        let server = try CannedServer(
            Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
        defer { server.stop() }
        return try await server.fetch()
    }

    private func users(_ json: String) async throws -> [BatchReply.User] {
        try await result(Array(#"{"status":0,"status_message":"ok","users":[\#(json)]}"#.utf8)).get().users
    }

    @Test func `an id is read to the byte`() async throws {
        let users = try await users(
            #"{"id":"a\/b","online_status":1},{"id":"A\/B","online_status":2},{"id":" a/b ","online_status":4}"#)
        #expect(users.map(\.id) == ["a/b", "A/B", " a/b "].map { Array($0.utf8)[...] })
        #expect(users.map(\.status) == [.offline, .undisclosed, .unavailable])
    }

    @Test func `an unknown status is kept`() async throws {
        let users = try await users(
            #"{"id":"a","online_status":5},{"id":"b","online_status":-1},{"id":"c","online_status":300}"#)
        #expect(users.map(\.status) == [5, -1, 300].map(OnlineStatus.init(rawValue:)))
    }

    @Test func `a status that is not a number affects only its user`() async throws {
        let statuses = ["null", "true", #""soon""#, "0.5", "9223372036854775808", "[]", "0.0", #""4""#, "1"]
        let users = try await users(
            statuses.map { #"{"id":"x","online_status":\#($0)}"# }.joined(separator: ",") + #",{"id":"x"}"#)
        #expect(users.map(\.status) == [nil, nil, nil, nil, nil, nil, .online, .unavailable, .offline, nil])
    }

    @Test func `a message that does not match its number is reported`() async throws {
        let users = try await users(#"{"id":"a","online_status":0,"online_status_message":"offline"}"#)
        #expect(users.map(\.status) == [.online])
        #expect(users.map(\.messageDiffers) == [true])
    }

    @Test(
        arguments: [
            ("999", .api(999)), ("-1", .api(-1)), ("\"12\"", .api(12)), ("null", .protocolError),
            ("0.5", .protocolError), ("\"zero\"", .protocolError), ("true", .protocolError), ("1e99", .protocolError),
        ] as [(String, FailureReason)])
    func `a response status other than zero is a failure`(_ status: String, _ reason: FailureReason) async throws {
        let failure = try await result(Array(#"{"status":\#(status),"users":[]}"#.utf8)).failure
        #expect(failure.reason == reason)
        #expect(failure.failureClass == (reason == .api(12) ? .throttled : .transient))
    }

    @Test func `a missing status is a failure and a quoted one is not`() async throws {
        #expect(try await result(Array(#"{"users":[]}"#.utf8)).failure.reason == .protocolError)
        #expect(try await result(Array(#"{"status":"0","users":[]}"#.utf8)).get().users.isEmpty)
    }

    @Test func `two statuses that differ are a failure`() async throws {
        let failure = try await result(Array(#"{"status":0,"users":[],"status":12}"#.utf8)).failure
        #expect(failure.failureClass == .transient)
        #expect(failure.reason == .protocolError)
        #expect(
            failure.description
                == "127.0.0.1 answered with an invalid response: the body has two keys 'status' that differ")
    }

    @Test(arguments: [
        (String(repeating: "x", count: 1_000_000), String(repeating: "x", count: 200) + "…"),
        (#"\u001b[2J\r\nFrom: root"#, #"\u{1b}[2J\u{d}\u{a}From: root"#),
        ("token \(Program.canary) refused", "token <token> refused"),
        (String(Program.canary.map { "\\u00" + String($0.asciiValue ?? 0, radix: 16) }.joined()), "<token>"),
    ])
    func `a message of the server is sanitized and shortened`(_ message: String, _ shown: String) async throws {
        let failure = try await result(Array(#"{"status":3,"status_message":"\#(message)"}"#.utf8)).failure
        #expect(failure.description == "127.0.0.1 answered status 3 (badData), '\(shown)'")
        #expect(failure.reason == .badData)
    }

    @Test(arguments: [
        "\u{FEFF}" + CannedAnswer.body, " \r\n\t" + CannedAnswer.body + "\n\n",
        CannedAnswer.body.replacing("]}", with: "],}"),
    ])
    func `a byte order mark and a trailing comma are accepted`(_ body: String) async throws {
        #expect(try await result(Array(body.utf8)).isGood)
    }

    @Test(arguments: [
        String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian, .utf32BigEndian,
    ])
    func `another Unicode encoding is read`(_ encoding: String.Encoding) async throws {
        let body = try #require(CannedAnswer.body.data(using: encoding))
        #expect(try await result(Array(body)).isGood)
    }

    @Test(arguments: [
        Array((CannedAnswer.body + "x").utf8), Array((CannedAnswer.body + CannedAnswer.body).utf8),
        Array((CannedAnswer.body + "\u{0}").utf8), Array(CannedAnswer.body.replacing("2", with: "NaN").utf8),
        Array(CannedAnswer.body.replacing("\"a\"", with: #""\ud800""#).utf8),
        Array(CannedAnswer.body.utf8).map { $0 == 0x61 ? 0xFF : $0 },
        Array((String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)).utf8),
        Array(
            (#"{"status":0,"users":"# + String(repeating: "[", count: 600) + String(repeating: "]", count: 600)).utf8),
    ])
    func `invalid JSON gives no user a status`(_ body: [UInt8]) async throws {
        switch try await result(body) {
        case .success(let reply): #expect(reply.users.allSatisfy { $0.status == nil || $0.id != [0x61] })
        case .failure(let failure):
            #expect(failure.failureClass == .transient)
            #expect(failure.reason == .protocolError)
        }
    }
}
