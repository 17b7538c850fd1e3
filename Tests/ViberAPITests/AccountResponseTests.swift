import Formats
import Foundation
import Model
import TestSupport
import Testing

@testable import ViberAPI

@Suite(.needs("python3")) struct AccountResponseTests {
    /// Every documented field and the undocumented ones of recorded responses, with numbers that a re-encoding would
    /// change.
    private static let whole = #"""
        {
          "status":0, "status_message":"ok",
          "id":"pa:98127364550918273645", "name":"Bot \"Ω\" \u0041\/B", "uri":"ourbot", "icon":"https:\/\/i.example\/1.jpg",
          "background":"https://i.example/2.jpg", "category":"Local Businesses", "subcategory":"Pet Shop",
          "location":{ "lon" : 30.50, "lat": 1.10 }, "country":"UA",
          "webhook":"https://bot.example:8443/viber/s3cret?key=s3cret",
          "event_types":[ "delivered", "seen", "action" ], "subscribers_count":35,
          "members":[ { "id":"01234567890A=", "name":"my name", "avatar":"http://a.example", "role":"superadmin" } ],
          "chat_hostname":"SN-CHAT-50_", "chat_flags":[ ], "limit":1e3, "big":12345678901234567890, "off":null
        }
        """#

    private func account(_ text: String, keepWebhook: Bool = false) throws -> Account {
        try AccountResponse.decode(Array(text.utf8), hiding: ViberClientTests.token, keepWebhook: keepWebhook).account
    }

    private func json(_ name: String, in account: Account) -> String? {
        account.fields.first { $0.name == name }.map { String(decoding: $0.json, as: UTF8.self) }
    }

    @Test func `reads the fields that the program itself uses`() throws {
        let response = try AccountResponse.decode(
            Array(Self.whole.utf8), hiding: ViberClientTests.token, keepWebhook: false)
        #expect(response.status == 0)
        #expect(response.statusMessage == "ok")
        #expect(response.account.id == "pa:98127364550918273645")
        #expect(response.account.name == "Bot \"Ω\" A/B")
        #expect(response.account.subscribersCount == 35)
    }

    @Test func `keeps every field in its order and numbers with their digits`() throws {
        let account = try account(Self.whole)
        #expect(
            account.fields.map(\.name) == [
                "id", "name", "uri", "icon", "background", "category", "subcategory", "location", "country", "webhook",
                "event_types", "subscribers_count", "members", "chat_hostname", "chat_flags", "limit", "big", "off",
            ])
        #expect(json("location", in: account) == #"{"lon":30.50,"lat":1.10}"#)
        #expect(json("event_types", in: account) == #"["delivered","seen","action"]"#)
        #expect(json("limit", in: account) == "1e3")
        #expect(json("big", in: account) == "12345678901234567890")
        #expect(json("off", in: account) == "null")
        #expect(json("chat_flags", in: account) == "[]")
    }

    /// Python reads the same pairs from the written and the sent account, except the two fields of the call and the
    /// webhook.
    @Test func `writes what another reader finds in the response`() async throws {
        var writer = JSONWriter()
        try account(Self.whole).write(to: &writer)
        let program = """
            import json, sys
            sent, written = (json.loads(line, object_pairs_hook=list, parse_float=str, parse_int=str)
                for line in sys.stdin.read().split("\\0"))
            sent = [(name, "https://bot.example:8443" if name == "webhook" else value)
                for name, value in sent if name not in ("status", "status_message")]
            print(sent == written, len(written))
            """
        let result = try await Tool.python(program, input: Array(Self.whole.utf8) + [0] + writer.bytes)
        #expect(result.output == "True 18\n")
    }

    @Test(arguments: [
        (#""https://my.site.example""#, #""https://my.site.example""#),
        (#""https://bot.example:8443/viber/s3cret?key=s3cret#s3cret""#, #""https://bot.example:8443""#),
        (#""https:\/\/bot.example\/s3cret""#, #""https://bot.example""#),
        (#""https://user:s3cret@bot.example/""#, #""https://bot.example""#),
        (#""http://bot.example?s3cret""#, #""http://bot.example""#),
        (#""https://bot%2Fexample%40h/s3cret""#, #""https://bot%2Fexample%40h""#),
        (#""/s3cret""#, #""""#), (#""s3cret is no URL""#, #""""#), (#""mailto:s3cret""#, #""""#),
        (#""""#, #""""#), ("null", "null"),
    ])
    func `shortens the webhook to scheme host and port`(_ sent: String, _ shown: String) throws {
        let text = #"{"status":0,"id":"pa:1","webhook":\#(sent),"uri":"u"}"#
        #expect(json("webhook", in: try account(text)) == shown)
        #expect(json("webhook", in: try account(text, keepWebhook: true)) == sent)
        #expect(json("uri", in: try account(text)) == #""u""#)
    }

    @Test func `what is absent stays absent`() throws {
        let account = try account(
            #"{"status":0,"status_message":"ok","id":"pa:1","name":"n","chat_hostname":"SN-CHAT-02_"}"#)
        #expect(account.fields.map(\.name) == ["id", "name", "chat_hostname"])
        #expect(account.subscribersCount == nil)
    }

    @Test func `what is null is kept as null`() throws {
        let account = try account(#"{"status":0,"location":null,"event_types":null,"subscribers_count":null}"#)
        #expect(account.fields.map { String(decoding: $0.json, as: UTF8.self) } == ["null", "null", "null"])
        #expect(account.subscribersCount == nil)
        #expect(account.id == nil)
    }

    @Test(arguments: [("0", 0), ("7", 7), ("\"7\"", nil), ("7.5", nil), ("null", nil)] as [(String, Int?)])
    func `subscribers count is an integer or absent`(_ json: String, _ expected: Int?) throws {
        #expect(try account(#"{"status":0,"subscribers_count":\#(json)}"#).subscribersCount == expected)
    }

    @Test func `the first of two fields with one name counts`() throws {
        let account = try account(
            #"{"status":0,"name":"first","webhook":"","name":"second","webhook":"https://h/s3cret"}"#)
        #expect(account.fields.map(\.name) == ["name", "webhook"])
        #expect(account.name == "first")
    }

    @Test(arguments: [
        "", "null", "[]", "ok", "<html>", #"{"id":"pa:1"}"#, #"{"status":null}"#, #"{"status":0.5}"#, #"{"status":0"#,
        #"{"status":0}x"#,
    ])
    func `refuses other documents`(_ text: String) {
        #expect(
            throws: ViberError.invalidResponse(
                "the body is not the JSON of get_account_info (\(text.utf8.count) bytes)")
        ) {
            try AccountResponse.decode(Array(text.utf8), hiding: ViberClientTests.token, keepWebhook: false)
        }
    }

    @Test func `ignores a byte order mark`() throws {
        #expect(try account("\u{FEFF}" + #"{"status":0,"id":"pa:1"}"#).id == "pa:1")
    }

    @Test func `an error response has its status and its message`() throws {
        let body = Array(#"{"status":2,"status_message":"invalidAuthToken"}"#.utf8)
        let response = try AccountResponse.decode(body, hiding: ViberClientTests.token, keepWebhook: false)
        #expect(response.status == 2)
        #expect(response.statusMessage == "invalidAuthToken")
        #expect(response.account.fields.isEmpty)
    }
}
