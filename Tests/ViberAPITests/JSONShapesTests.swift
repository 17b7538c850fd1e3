import Formats
import Model
import TestSupport
import Testing

@testable import ViberAPI

/// Every form of JSON values, and many invalid ones. Python's reader decides which are valid.
@Suite(.needs("python3")) struct JSONShapesTests {
    /// Valid JSON values.
    private static let values: [[UInt8]] =
        [
            "0", "-0", "1", "-1", "123", "1.5", "-1.5", "0.0", "-0.0", "1e3", "1E3", "1e+3", "1E-3", "1.5e10", "0e0",
            "0e+1", "12345678901234567890", "1.7976931348623157e308", "2.5e-300", "9007199254740993",
            "0.1000000000000000055", "true", "false", "null", #""""#, #""a""#, #""\"""#, #""\\""#, #""\/""#, #""/""#,
            #""\b\f\n\r\t""#, #""\u0041""#, #""\u00e9\u00E9""#, #""\ud83d\ude00""#, #""\uDBFF\uDFFF""#, #""\u0000""#,
            #""\uffff""#, #""é日😀""#, "\"\u{7f}\"", "\"\u{2028}\u{2029}\"", "\"\u{FEFF}\"", #""[{\"a\":1}]""#,
            #""'//*#""#, "[]", "[[]]", "[1]", "[1,2]", "[ 1 , 2 ]", "[\n]", "[null,true,\"a\"]", "[{},[]]", "{}",
            #"{"a":1}"#, #"{"":0}"#, #"{"a":{"b":[{}]}}"#, #"{"a":1,"a":2}"#, #"{"\u0000":1}"#, #"{ "a" : 1 }"#,
            #"{"a":1,"b":2}"#, "\t1\r\n", #"{"status":12}"#,
        ].map { Array($0.utf8) }
        + [
            Array(repeatElement(UInt8(ascii: "["), count: 100)) + Array(repeatElement(UInt8(ascii: "]"), count: 100)),
            Array("\"".utf8) + Array(repeatElement(UInt8(ascii: "x"), count: 20_000)) + Array("\"".utf8),
        ]

    /// Invalid values.
    private static let invalidValues: [[UInt8]] =
        [
            "", "01", "-01", "00", "+1", "-", "+", ".5", "5.", "-.5", "1e", "1e+", "1E-", "1.e1", "0x1F", "1_000",
            "1 2", "1a", "1e1.5", "--1", "-+1", "0e", "1..2", "0.1.2", "-a", "1+2", "１", "Infinity", "-Infinity",
            "NaN", "nan", "inf", "tru", "True", "TRUE", "nul", "None", "undefined", "fals", "nullx", "truefalse", "a",
            "'a'", "`a`", "“a”", #""a"#, #""\x41""#, #""\a""#, #""\'""#, #""\0""#, #""\u12""#, #""\u12G4""#, #""\u""#,
            #""\""#, #""\U0041""#, "\"\n\"", "\"\t\"", "\"\u{0}\"", "\"\u{1f}\"", #""a" "b""#, #""a"b"#, #""a""b""#,
            "[", "]", "[1", "[1,,2]", "[,1]", "[,]", "[1 2]", "[1;2]", "[1}", "[}", "(1)", "[1]]", #"["a":1]"#, "[1,",
            "[-]", "{", "}", #"{"a"}"#, #"{"a":}"#, #"{"a",1}"#, "{a:1}", "{'a':1}", "{1:1}", "{null:1}",
            #"{"a":1 "b":2}"#, #"{"a"::1}"#, #"{"a"=1}"#, "{:1}", "{,}", #"{"a":1]"#, #"{"a":1,,"b":2}"#,
            #"{"a" "b"}"#, #"{"a":1}}"#, #"{"a":1"#, "/*c*/1", "1//c", "#c", "1;", "\u{0C}1", "\u{0B}1", "\u{A0}1",
            "\u{2028}1", "\u{FEFF}1", "\u{0}", "1\u{0}", "\u{1b}",
        ].map { Array($0.utf8) }
        + [
            [0xFF], [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0x22, 0xF0, 0x9F, 0x98, 0x22], [0x22, 0x80, 0x22],
        ]

    @Test func `another reader agrees which values are valid`() async throws {
        let program = """
            import json, sys
            def isJSON(data):
                def refuse(name): raise ValueError(name)
                try: json.dumps(json.loads(data.decode(), parse_constant=refuse), ensure_ascii=False).encode()
                except ValueError: return False
                return True
            lines = sys.stdin.read().splitlines()
            for line in lines:
                expected, data = line.split(":")
                if isJSON(bytes.fromhex(data)) != (expected == "true"): print(line)
            print(len(lines))
            """
        let lines =
            Self.values.map { "true:" + hex(Self.response(x: $0)) }
            + Self.invalidValues.map { "false:" + hex(Self.response(x: $0)) }
        let judged = try await Tool.python(program, input: Array(lines.joined(separator: "\n").utf8))
        #expect(judged.output == "\(lines.count)\n", "\(judged.error)")
        #expect(Self.values.count >= 60)
        #expect(Self.invalidValues.count >= 100)
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// A response in which the second of three users has one more field.
    private static func response(_ name: String = "x", x value: [UInt8]) -> [UInt8] {
        Array(#"{"status":0,"users":[{"id":"a","online_status":0},{"\#(name)":"#.utf8) + value
            + Array(#","id":"b","online_status":1,"last_online":7},{"id":"c","online_status":4}]}"#.utf8)
    }

    private func users(_ body: [UInt8]) throws -> [BatchReply.User] {
        try GetOnlineResponse.decode(body, ids: 100).reply(at: ViberClientTests.time).users
    }

    private func user(_ id: String, _ status: OnlineStatus?, lastOnline: Int64? = nil) -> BatchReply.User {
        BatchReply.User(id: Array(id.utf8)[...], status: status, lastOnline: lastOnline, messageDiffers: false)
    }

    @Test func `an unknown field of any shape is ignored`() throws {
        for value in Self.values {
            let expected = [user("a", .online), user("b", .offline, lastOnline: 7), user("c", .unavailable)]
            #expect(try users(Self.response(x: value)) == expected, "\(hex(value))")
        }
    }

    /// With an invalid value, either the response is refused or the value is ignored.
    @Test func `an invalid value is never accepted`() throws {
        for value in Self.invalidValues {
            for name in ["x", "id", "online_status", "last_online"] {
                guard let users = try? users(Self.response(name, x: value)) else { continue }
                #expect(users.first == user("a", .online), "\(name): \(hex(value))")
                #expect(users.last == user("c", .unavailable), "\(name): \(hex(value))")
                for second in users.dropFirst().dropLast() {
                    #expect(second.id == [0x62])
                    // The key is duplicated, so it has no value.
                    #expect(second.status == (name == "x" ? .offline : nil), "\(name): \(hex(value))")
                    #expect(second.lastOnline == (name == "last_online" ? nil : 7), "\(name): \(hex(value))")
                }
            }
        }
    }

    /// Through the account call, which passes on fields that it does not decode and so must check that they are JSON.
    @Test func `the same is true over the wire`() async throws {
        let bodies = (Self.values + Self.invalidValues).map { Array(#"{"status":0,"x":"#.utf8) + $0 + Array("}".utf8) }
        let server = try CannedServer { connection in
            for body in bodies where connection.readRequest() {
                connection.send(Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
            }
            connection.waitForEnd()
        }
        defer { server.stop() }
        try await server.withClient { client in
            for value in Self.values {
                guard JSONLiterals(of: value).maxDepth < 16 else {
                    let failure = await #expect(throws: RequestFailure.self) { try await client.accountInfo() }
                    #expect(failure?.description.contains("nested deeper than 16 levels") == true)
                    continue
                }
                let account = try await client.accountInfo()
                #expect(account.fields.map(\.name) == ["x"], "\(hex(value))")
            }
            for value in Self.invalidValues {
                let failure = await #expect(throws: RequestFailure.self) { try await client.accountInfo() }
                #expect(failure?.failureClass == .transient, "\(hex(value))")
                #expect(failure?.reason == .protocolError, "\(hex(value))")
            }
        }
        #expect(server.connections == 1)
    }
}
