import Model
import TestSupport
import Testing

@testable import ViberAPI

@Suite struct GetOnlineResponseTests {
    private static let time = Timestamp(milliseconds: 1_700_000_000_123)

    /// In the form of the recorded responses.
    private static let recorded = """
        {"status":0,"status_message":"ok","users":[
         {"id":"hGv0nM9zT1+qXWc/PyK3pA==","online_status":2,"online_status_message":"undisclosed","last_online":0},
         {"id":"0x+9VwQeRzS7sd5tUfY1Ig==","online_status":1,"online_status_message":"offline","last_online":1551686893588},
         {"id":"/7n+kPq2LmE4cC8aZrJ0tw==","online_status":4,"online_status_message":"unavailable","last_online":0}]}
        """

    private func decode(_ text: String) throws -> GetOnlineResponse {
        try GetOnlineResponse.decode(Array(text.utf8), ids: 100)
    }

    @Test func `reads a recorded response`() throws {
        let response = try decode(Self.recorded)
        #expect(response.status == 0)
        #expect(response.statusMessage == "ok")
        let expected: [BatchReply.User] = [
            .init(
                id: Array("hGv0nM9zT1+qXWc/PyK3pA==".utf8)[...], status: .undisclosed, lastOnline: nil,
                messageDiffers: false),
            .init(
                id: Array("0x+9VwQeRzS7sd5tUfY1Ig==".utf8)[...], status: .offline, lastOnline: 1_551_686_893_588,
                messageDiffers: false),
            .init(
                id: Array("/7n+kPq2LmE4cC8aZrJ0tw==".utf8)[...], status: .unavailable, lastOnline: nil,
                messageDiffers: false),
        ]
        #expect(response.reply(at: Self.time) == BatchReply(users: expected, receivedAt: Self.time))
    }

    @Test func `reads the documented response which has no last online`() throws {
        let response = try decode(
            #"""
            {
               "status":0,
               "status_message":"ok",
               "users":[ { "id":"gR7uYtEfKiOl5pAsDvBn1w==", "online_status":0, "online_status_message":"online" } ]
            }
            """#)
        let user = try #require(response.reply(at: Self.time).users.first)
        #expect(user.status == .online)
        #expect(user.lastOnline == nil)
        #expect(!user.messageDiffers)
    }

    @Test func `ignores unknown fields and key order`() throws {
        let response = try decode(
            #"""
            {"users":[{"online_status_message":"online","new":{"a":[1,null]},"last_online":7,"online_status":0,"id":"x"}],
            "chat_hostname":"SN-CHAT-03_","billing":[[]],"status_message":"ok","status":0}
            """#)
        let user = BatchReply.User(id: Array("x".utf8)[...], status: .online, lastOnline: 7, messageDiffers: false)
        #expect(response.reply(at: Self.time).users == [user])
    }

    @Test(arguments: [
        (#"{"status":2,"status_message":"invalidAuthToken"}"#, 2, "invalidAuthToken"),
        (#"{"status":12,"status_message":"Too many requests","chat_hostname":"SN-CHAT-03_"}"#, 12, "Too many requests"),
        (#"{"status":999}"#, 999, ""), (#"{"status":-1,"status_message":null}"#, -1, ""),
        (#"{"status":"0","status_message":7}"#, 0, ""), (#"{"status":0.0,"users":null}"#, 0, ""),
    ])
    func `reads an error response`(_ text: String, _ status: Int, _ message: String) throws {
        let response = try decode(text)
        #expect(response.status == status)
        #expect(response.statusMessage == message)
        #expect(response.users == nil)
    }

    @Test func `distinguishes missing users from an empty list`() throws {
        #expect(try decode(#"{"status":0}"#).users == nil)
        #expect(try decode(#"{"status":0,"users":null}"#).users == nil)
        #expect(try decode(#"{"status":0,"users":[]}"#).users?.isEmpty == true)
    }

    @Test func `ignores a byte order mark`() throws {
        #expect(try decode("\u{FEFF}" + Self.recorded).users?.count == 3)
    }

    @Test(arguments: [
        "", " ", "ok", "null", "[]", "7", #""status""#, "<html><body>MARK</body></html>", "{", "{}", #"{"MARK":0}"#,
        #"{"status":null}"#, #"{"status":0.5}"#, #"{"status":true}"#, #"{"status":"MARK"}"#, #"{"status":""}"#,
        #"{"status":[]}"#, #"{"status":9223372036854775808}"#, #"{"status":1e400}"#, #"{"status":NaN}"#,
        #"{"status":1e-400}"#, #"{"status":0.0000000000000000000001}"#,
        #"{"status":0,"users":{}}"#, #"{"status":0,"users":"MARK"}"#, #"{"status":0,"users":7}"#,
        #"{"status":0}MARK"#, #"{"status":0}{"status":0}"#,
        "{\"status\":0}\u{0}",
    ])
    func `refuses other documents and never shows them`(_ text: String) throws {
        let error = try #require(throws: ViberError.self) { try decode(text) }
        guard case .invalidResponse(let what) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(!what.contains("MARK"))
        #expect(what.contains("\(text.utf8.count) bytes"))
    }

    @Test func `refuses every truncated response`() throws {
        let whole = Array(Self.recorded.utf8)
        _ = try GetOnlineResponse.decode(whole, ids: 100)
        for length in whole.indices {
            #expect(throws: ViberError.self) { try GetOnlineResponse.decode(Array(whole[..<length]), ids: 100) }
        }
    }

    @Test(arguments: [600, 100_000])
    func `refuses deep nesting`(_ depth: Int) {
        let open = String(repeating: "[", count: depth)
        let close = String(repeating: "]", count: depth)
        for text in [open, open + close, #"{"status":0,"users":"# + open + close + "}"] {
            #expect(throws: ViberError.self) { try decode(text) }
        }
    }

    /// A decoder would take a second for each: 64 concurrent ones would delay a stop by a minute.
    @Test(arguments: [
        (#"{"status":0,"users":["#, "{},", "{}]}"), (#"{"status":0,"users":[],"x":["#, "1,", "1]}"),
        (#"{"status":0,"users":[],"x":["#, "[],", "[]]}"), (#"{"status":0,"users":[{"#, #""a":1,"#, #""id":"b"}]}"#),
    ])
    func `refuses far more than a hundred users at once`(_ head: String, _ part: String, _ tail: String) throws {
        let body = head + String(repeating: part, count: 200_000) + tail
        let startedAt = ContinuousClock.now
        let error = #expect(throws: ViberError.self) { try decode(body) }
        #expect(startedAt.duration(to: .now) < .seconds(1))
        guard case .invalidResponse(let what) = error else {
            Issue.record("\(error.map { String(describing: $0) } ?? "")")
            return
        }
        #expect(what.contains("far more values than 100 ids have"))
        // Five times the usual number is accepted.
        let more = (0..<500).map { #"{"id":"\#($0)","online_status":0,"x":[1,2]}"# }.joined(separator: ",")
        #expect(try decode(#"{"status":0,"users":["# + more + "]}").users?.count == 500)
    }

    @Test func `survives random damage`() throws {
        var random = SeededRandom(seed: 7)
        let whole = Array(Self.recorded.utf8)
        for _ in 0..<2_000 {
            var damaged = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let response = try? GetOnlineResponse.decode(damaged, ids: 100) else { continue }
            #expect(response.reply(at: Self.time).users.count <= 3)
        }
    }
}
