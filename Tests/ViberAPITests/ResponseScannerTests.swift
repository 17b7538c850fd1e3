import Foundation
import Model
import TestSupport
import Testing

@testable import ViberAPI

/// The scanner reads a response as the decoder does, or leaves it to the decoder.
@Suite struct ResponseScannerTests {
    /// A response as Viber sends it.
    private static func response(_ count: Int, using random: inout SeededRandom) -> String {
        let users = (0..<count).map { number in
            let status = [0, 1, 2, 3, 4, 7, 99][Int.random(in: 0..<7, using: &random)]
            let name = OnlineStatus(rawValue: Int64(status)).name
            let id = Data((0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }).base64EncodedString()
            let lastOnline = Bool.random(using: &random) ? 0 : Int.random(in: 0...2_000_000_000_000, using: &random)
            return #"{"id":"\#(id)","online_status":\#(status),"online_status_message":"\#(name)""#
                + (Int.random(in: 0..<5, using: &random) == 0 ? "}" : #","last_online":\#(lastOnline)}"#)
        }
        return #"{"status":0,"status_message":"ok","users":[\#(users.joined(separator: ","))]}"#
    }

    private func decoded(_ body: [UInt8]) -> [BatchReply.User]? {
        guard let response = try? GetOnlineResponse.decode(body, ids: 100), response.status == 0, response.users != nil
        else {
            return nil
        }
        return response.reply(at: Timestamp(milliseconds: 0)).users
    }

    @Test func `every response as Viber sends it is scanned`() throws {
        var random = SeededRandom(seed: 1)
        for count in [0, 1, 2, 99, 100] + (0..<60).map({ _ in Int.random(in: 0...100, using: &random) }) {
            let text = Self.response(count, using: &random)
            for form in [text, text.replacing(",", with: " ,\r\n\t"), "\n" + text.replacing(":", with: " : ") + " \n"] {
                let users = try #require(ResponseScanner.users(in: Array(form.utf8), maxUsers: 1_100))
                #expect(users == decoded(Array(form.utf8)))
                #expect(users.count == count)
            }
        }
    }

    /// Another form, or not a good response: not scanned, whether or not the decoder accepts it.
    @Test(arguments: [
        #"{"status":12,"status_message":"ok","users":[]}"#, #"{"status":0,"users":[],"status_message":"ok"}"#,
        #"{"status":0.0,"status_message":"ok","users":[]}"#, #"{"status":00,"status_message":"ok","users":[]}"#,
        #"{"status":"0","status_message":"ok","users":[]}"#, #"{"status":0,"status_message":"ok","users":[],}"#,
        #"{"status":0,"status_message":"ok","users":[]}x"#, #"{"status":0,"status_message":"ok","users":[]"#,
        #"{"status":0,"status_message":"ok"}"#, #"{"status":0,"status":12,"status_message":"ok","users":[]}"#,
        #"{"status":0,"status_message":"ok","users":[],"status":12}"#, "", "{", "[]", "\u{FEFF}{}",
    ])
    func `another document is left to the decoder`(_ text: String) {
        #expect(ResponseScanner.users(in: Array(text.utf8), maxUsers: 1_100) == nil)
    }

    @Test(arguments: [
        #"{"id":"a\/b","online_status":1,"online_status_message":"offline"}"#,
        #"{"id":"é","online_status":1,"online_status_message":"offline"}"#,
        "{\"id\":\"a\u{1}\",\"online_status\":1,\"online_status_message\":\"offline\"}",
        #"{"id":"a","online_status":01,"online_status_message":"offline"}"#,
        #"{"id":"a","online_status":-1,"online_status_message":"offline"}"#,
        #"{"id":"a","online_status":1.0,"online_status_message":"offline"}"#,
        #"{"id":"a","online_status":1e0,"online_status_message":"offline"}"#,
        #"{"id":"a","online_status":9223372036854775808,"online_status_message":"offline"}"#,
        #"{"id":"a","online_status":"1","online_status_message":"offline"}"#,
        #"{"id":"a","online_status":1,"online_status_message":null}"#, #"{"id":"a","online_status":1}"#,
        #"{"id":"a","online_status":1,"online_status_message":"offline","last_online":null}"#,
        #"{"id":"a","online_status":1,"online_status_message":"offline","x":1}"#,
        #"{"id":"a","online_status":1,"online_status_message":"offline",}"#, "7", "{}", "",
    ])
    func `another user is left to the decoder`(_ user: String) {
        let text =
            #"{"status":0,"status_message":"ok","users":[{"id":"b","online_status":1,"online_status_message":"offline"},"#
        #expect(ResponseScanner.users(in: Array((text + user + "]}").utf8), maxUsers: 1_100) == nil)
    }

    /// A damaged response is scanned as the decoder reads it, or not at all.
    @Test(arguments: 0..<8)
    func `scanner and decoder agree on damaged responses`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let pieces = [
            "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "1", "-", ".", "e", " ", "\n", "\u{0}", "é", "null",
            "\"id\":\"a\"",
            "\"online_status\":3", "\\u0041",
        ].map { Array($0.utf8) }
        var scanned = 0
        for _ in 0..<600 {
            var body = Array(Self.response(Int.random(in: 0...4, using: &random), using: &random).utf8)
            for _ in 0..<Int.random(in: 1...2, using: &random) where !body.isEmpty {
                let start = Int.random(in: 0..<body.count, using: &random)
                let end = min(body.count, start + Int.random(in: 0...2, using: &random))
                body.replaceSubrange(start..<end, with: pieces.randomElement(using: &random) ?? [])
            }
            guard let users = ResponseScanner.users(in: body, maxUsers: 1_100) else { continue }
            scanned += 1
            #expect(users == decoded(body), "\(String(decoding: body, as: UTF8.self))")
        }
        #expect(scanned > 20)
    }
}
