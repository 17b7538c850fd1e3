import Model
import TestSupport
import Testing

@testable import Sandbox

@Suite(.needs("python3")) struct SandboxBodiesTests {
    @Test func `the account has every documented field`() async throws {
        let program = """
            import json, sys
            account = json.loads(sys.stdin.read())
            print(*account)
            print(account["status"], account["status_message"], account["id"], account["subscribers_count"])
            print(*account["location"], *account["members"][0])
            print(type(account["event_types"]), type(account["members"]))
            """
        let result = try await Tool.python(program, input: Array(SandboxBodies.account(subscribers: 77).text.utf8))
        #expect(
            result.output == """
                status status_message id name uri icon background category subcategory location country webhook \
                event_types subscribers_count members chat_hostname chat_flags
                0 ok pa:75346594275468546724 77
                lon lat id name avatar role
                <class 'list'> <class 'list'>

                """)
    }

    @Test func `an error has its status and message`() {
        #expect(SandboxBodies.error(3, "bad \"data\"").text == #"{"status":3,"status_message":"bad \"data\""}"#)
    }

    @Test func `users have the fields of recorded responses`() {
        let users: [SandboxBodies.User] = [
            .init(id: "a/\"", status: .offline, lastOnline: 1_551_686_893_588), .init(id: "b", status: .online),
            .init(id: "d", status: .init(rawValue: 99), lastOnline: 0),
        ]
        #expect(
            SandboxBodies.online(users.map(\.json.text)).text
                == #"{"status":0,"status_message":"ok","users":["#
                + #"{"id":"a/\"","online_status":1,"online_status_message":"offline","last_online":1551686893588},"#
                + #"{"id":"b","online_status":0,"online_status_message":"online"},"#
                + #"{"id":"d","online_status":99,"online_status_message":"unknown","last_online":0}]}"#)
    }

    @Test(
        arguments: [
            (#"{"ids":["a","b"]}"#, ["a", "b"]), (#"{"ids":[]}"#, []), (#"{"ids":["a\/b\u0041"]}"#, ["a/bA"]),
            (#"{"other":1,"ids":["x"]}"#, ["x"]), (#"{}"#, nil), (#"{"id":["a"]}"#, nil), (#"{"ids":null}"#, []),
            (#"{"ids":"a"}"#, []), (#"{"ids":[1]}"#, []), (#"{"ids":["a",null]}"#, []), ("", []), ("[]", []), ("{", []),
        ] as [(String, [String]?)])
    func `distinguishes a missing list from an invalid one`(_ body: String, _ ids: [String]?) {
        #expect(SandboxBodies.ids(of: Array(body.utf8)) == ids)
    }
}
