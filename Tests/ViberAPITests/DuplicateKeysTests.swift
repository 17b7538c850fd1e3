import Foundation
import Model
import TestSupport
import Testing

@testable import ViberAPI

/// An object with a duplicate key has no defined value.
@Suite struct DuplicateKeysTests {
    private func users(_ text: String) throws -> [BatchReply.User] {
        try GetOnlineResponse.decode(Array(text.utf8), ids: 100).reply(at: ViberClientTests.time).users
    }

    private static let good = #"{"id":"b","online_status":1}"#

    @Test(arguments: [
        #"{"id":"a","online_status":4,"online_status":0}"#, #"{"id":"a","online_status":0,"online_status":0}"#,
        #"{"id":"a","online_status":0,"online_status":4}"#, #"{"online_status":4,"id":"a","online\u005fstatus":0}"#,
        #"{"id":"a","online_status":0,"last_online":5,"last_online":6}"#, #"{"id":"a","x":1,"online_status":0,"x":1}"#,
    ])
    func `a user with a duplicate key has no status`(_ user: String) throws {
        let users = try users(#"{"status":0,"users":[\#(user),\#(Self.good)]}"#)
        #expect(users.map { String(decoding: $0.id, as: UTF8.self) } == ["a", "b"])
        #expect(users.map(\.status) == [nil, .offline])
    }

    @Test(arguments: [
        #"{"id":"a","id":"c","online_status":0}"#, #"{"id":"a","online_status":0,"\u0069d":"a"}"#,
    ])
    func `a user with two ids is ignored`(_ user: String) throws {
        let users = try users(#"{"status":0,"users":[\#(Self.good),\#(user)]}"#)
        #expect(users.map { String(decoding: $0.id, as: UTF8.self) } == ["b"])
    }

    @Test(arguments: [#""users":[]"#, #""users":null"#, #""user\u0073":[{"id":"a","online_status":4}]"#])
    func `a response with two lists is refused`(_ second: String) {
        #expect(throws: ViberError.invalidResponse("the body has two keys 'users'")) {
            try users(#"{"status":0,"users":[\#(Self.good)],\#(second)}"#)
        }
    }

    /// A decoder accepts these encodings, too.
    @Test(arguments: [
        String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32, .utf32LittleEndian, .utf32BigEndian,
    ])
    func `other encodings hide nothing`(_ encoding: String.Encoding) throws {
        func decode(_ text: String) throws -> [BatchReply.User] {
            let body = Array(try #require(text.data(using: encoding)))
            return try GetOnlineResponse.decode(body, ids: 100).reply(at: ViberClientTests.time).users
        }
        #expect(try decode(#"{"status":0,"users":[\#(Self.good)]}"#).map(\.status) == [.offline])
        #expect(
            try decode(#"{"status":0,"users":[{"id":"é","online_status":4,"online_status":0}]}"#).map(\.status) == [nil]
        )
        #expect(throws: ViberError.ambiguousStatus) { try decode(#"{"status":0,"users":[],"status":12}"#) }
    }

    /// Duplicate keys below a user, and equal keys of different users, do not matter.
    @Test func `only keys of the user itself count`() throws {
        let users = try users(
            #"{"status":0,"x":{"users":1,"users":2},"users":[{"id":"a","online_status":0,"x":{"y":1,"y":2}},\#(Self.good)]}"#
        )
        #expect(users.map(\.status) == [.online, .offline])
    }

    /// A response with far more users than were requested is not read, in either form.
    @Test(arguments: [1, 100], [true, false]) func `too many users are refused`(_ requested: Int, _ isScannable: Bool)
        throws
    {
        func body(_ count: Int) -> [UInt8] {
            let user = isScannable ? #"{"id":"a","online_status":0,"online_status_message":"online"}"# : "{}"
            let users = [String](repeating: user, count: count).joined(separator: ",")
            return Array(#"{"status":0,"status_message":"ok","users":[\#(users)]}"#.utf8)
        }
        let maxUsers = GetOnlineResponse.maxUsers(for: requested)
        #expect(ResponseScanner.users(in: body(maxUsers), maxUsers: maxUsers)?.count == (isScannable ? maxUsers : nil))
        #expect(ResponseScanner.users(in: body(maxUsers + 1), maxUsers: maxUsers) == nil)
        #expect(throws: ViberError.self) { try GetOnlineResponse.decode(body(maxUsers + 1), ids: requested) }
    }
}
