import Model
import Testing

@testable import ViberAPI

/// One entry of `users`: a fault in it affects only that entry.
@Suite struct OnlineUserTests {
    private func reply(_ users: String) throws -> [BatchReply.User] {
        try GetOnlineResponse.decode(Array(#"{"status":0,"status_message":"ok","users":[\#(users)]}"#.utf8), ids: 100)
            .reply(at: Timestamp(milliseconds: 0)).users
    }

    /// The user between two good ones, which must be unaffected.
    private func between(_ user: String) throws -> BatchReply.User {
        let users = try reply(#"{"id":"before","online_status":0},\#(user),{"id":"after","online_status":4}"#)
        try #require(users.count == 3)
        #expect(users[0].id == Array("before".utf8)[...])
        #expect(users[0].status == .online)
        #expect(users[2].id == Array("after".utf8)[...])
        #expect(users[2].status == .unavailable)
        return users[1]
    }

    @Test(
        arguments: [
            ("0", 0), ("1", 1), ("2", 2), ("3", 3), ("4", 4), ("5", 5), ("99", 99), ("-1", -1), ("300", 300),
            ("9223372036854775807", .max), ("-9223372036854775808", .min), ("\"0\"", 0), ("\"4\"", 4), ("\"-1\"", -1),
            ("0.0", 0), ("4.0", 4), ("1e0", 1), ("10e1", 100), ("40e-1", 4),
            ("9007199254740993.0", 9_007_199_254_740_993),
            ("9223372036854775807.0", .max), ("-9.223372036854775808e18", .min),
        ] as [(String, Int64)])
    func `reads an integer however it is written`(_ json: String, _ status: Int64) throws {
        let user = try between(#"{"id":"x","online_status":\#(json)}"#)
        #expect(user.status == OnlineStatus(rawValue: status))
    }

    @Test(arguments: [
        "null", "true", "false", "[]", "[0]", "{}", "\"\"", "\"soon\"", "\"0.0\"", "\" 1\"", "0.5", "-0.1",
        "9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e30", "1e400",
        // Integers when read as a `Double`.
        "1e-400", "4.0000000000000000000001", "3.99999999999999999999", "9223372036854775808.0",
        "\"9223372036854775808\"",
    ])
    func `a status that is not a number affects only that user`(_ json: String) throws {
        let user = try between(#"{"id":"x","online_status":\#(json),"last_online":5}"#)
        #expect(user.id == Array("x".utf8)[...])
        #expect(user.status == nil)
    }

    @Test func `a missing status affects only that user`() throws {
        #expect(try between(#"{"id":"x"}"#).status == nil)
    }

    @Test(
        arguments: [
            ("1551686893588", 1_551_686_893_588), ("\"1551686893588\"", 1_551_686_893_588),
            ("1551686893588.0", 1_551_686_893_588),
            ("1", 1), ("0", nil), ("-1", nil), ("-1551686893588", nil), ("\"yesterday\"", nil), ("null", nil),
            ("true", nil),
            ("1551686893588.0000000000000001", nil), ("1.551686893588e12", 1_551_686_893_588),
            ("1.5", nil), ("[]", nil), ("9223372036854775808", nil), ("1e300", nil),
        ] as [(String, Int64?)])
    func `last online is a positive integer or absent`(_ json: String, _ expected: Int64?) throws {
        let user = try between(#"{"id":"x","online_status":1,"last_online":\#(json)}"#)
        #expect(user.lastOnline == expected)
        #expect(user.status == .offline)
    }

    @Test func `entries without an id are left out`() throws {
        let users = try reply(
            #"null,5,"x",[],{},{"id":5,"online_status":0},{"id":null},{"online_status":0},{"id":"good","online_status":2}"#
        )
        #expect(users.map(\.id) == [Array("good".utf8)[...]])
        #expect(users.first?.status == .undisclosed)
    }

    /// Bytes that are not text never become an id: repaired, two different ids could become equal.
    @Test func `an id that is not Unicode is left out`() throws {
        let ids = [Array(#"\ud83d"#.utf8), Array(#"a\udc00b"#.utf8), [0x61, 0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80]]
        for id in ids {
            let body =
                Array(#"{"status":0,"users":[{"id":""#.utf8) + id
                + Array(#"","online_status":0},{"id":"good","online_status":2}]}"#.utf8)
            // Refusing the whole response is right as well.
            let users =
                (try? GetOnlineResponse.decode(body, ids: 100))?.reply(at: Timestamp(milliseconds: 0)).users ?? []
            #expect(users.allSatisfy { $0.id == Array("good".utf8)[...] }, "\(id)")
        }
    }

    @Test(arguments: [
        (#"a\/b"#, "a/b"), (#"\u0041B"#, "AB"), (#"\"\\"#, "\"\\"), (#"\ud83d\ude00"#, "\u{1F600}"),
        (#"caf\u00e9"#, "caf\u{e9}"), (#"cafe\u0301"#, "cafe\u{301}"), (#"\u0000x"#, "\u{0}x"), (" a b ", " a b "),
    ])
    func `an id is the bytes behind its escapes`(_ json: String, _ id: String) throws {
        #expect(try between(#"{"id":"\#(json)","online_status":0}"#).id == Array(id.utf8)[...])
    }

    @Test func `duplicate and reordered users stay as they are`() throws {
        let users = try reply(
            #"{"id":"b","online_status":1},{"id":"a","online_status":0},{"id":"b","online_status":4},{"id":"B","online_status":2}"#
        )
        #expect(users.map(\.id) == ["b", "a", "b", "B"].map { Array($0.utf8)[...] })
        #expect(users.map(\.status) == [.offline, .online, .unavailable, .undisclosed])
    }

    @Test(arguments: [
        ("0", "\"online\"", false), ("1", "\"offline\"", false), ("2", "\"undisclosed\"", false),
        ("3", "\"tryLater\"", false), ("4", "\"unavailable\"", false), ("0", "\"offline\"", true),
        ("4", "\"unsubscribed\"", true), ("0", "\"\"", true), ("0", "null", false), ("0", "7", false),
        ("99", "\"unknown\"", false), ("99", "\"away\"", false),
    ])
    func `the number counts and the message is compared`(_ status: String, _ message: String, _ differs: Bool) throws {
        let user = try between(#"{"id":"x","online_status":\#(status),"online_status_message":\#(message)}"#)
        #expect(user.messageDiffers == differs)
        #expect(user.status == Int64(status).map(OnlineStatus.init(rawValue:)))
    }
}
