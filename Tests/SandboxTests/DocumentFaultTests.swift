import TestSupport
import Testing

@testable import Sandbox

/// Responses with unusual or invalid JSON or encoding, as Python reads them.
@Suite(.needs("python3")) struct DocumentFaultTests {
    /// Requests a good response, then one for each kind. `good` and `body` are the bytes of both.
    private func run(_ kinds: [String], account: Bool = false, _ each: String) async throws -> String {
        let faults = kinds.enumerated().map { "\(account ? "account:" : "")\($0.element)@\($0.offset + 2)" }
        let program = """
            import gzip
            def fetch():
                head, lines, body = parts(raw(IDS[:2], path="/pa/get_\(account ? "account_info" : "online")")[0])
                return body, [line for line in lines if line.startswith("content-encoding")]
            good, _ = fetch()
            for kind in "\(kinds.joined(separator: " "))".split():
                body, encoding = fetch()
                print(kind + ":", end=" ")

            """
        let indented = each.split(separator: "\n").map { "    " + $0 + "\n" }.joined()
        return try await SandboxClient.run(program + indented, faults: faults) { $0.tryLaterEvery = 0 }
    }

    /// Prints the bytes instead of the end of a good response, or before it.
    private static let edges = """
        same = len([1 for a, b in zip(good, body) if a == b]) >= len(good) - 1
        if same: print(body[len(good) - 1:])
        elif body.endswith(good): print(body[:3] + b"...")
        else: print(body.decode("utf-16") == good.decode())
        """

    @Test func `the text is no longer JSON or only for lenient readers`() async throws {
        let kinds = [
            "bom", "utf-16", "trailing-comma", "trailing-garbage", "nul-behind", "nan", "lone-surrogate", "bad-utf-8",
            "deep-nesting:5",
        ]
        let output = try await run(kinds, Self.edges)
        #expect(
            output == #"""
                bom: b'\xef\xbb\xbf...'
                utf-16: True
                trailing-comma: b',}'
                trailing-garbage: b'}<!-- cached -->'
                nul-behind: b'}\x00'
                nan: b',"note":NaN}'
                lone-surrogate: b',"note":"\\ud800"}'
                bad-utf-8: b',"note":"\xc3("}'
                deep-nesting:5: b',"note":[[[[[]]]]]}'

                """#)
        let account = try await run(kinds, account: true, Self.edges)
        #expect(account == output)
    }

    @Test func `two documents and deep nesting`() async throws {
        #expect(try await run(["two-documents"], "print(body == good + good)") == "two-documents: True\n")
        let each = #"print(body[len(good) - 1:] == b',"note":' + b"[" * 100_000 + b"]" * 100_000 + b"}")"#
        #expect(try await run(["deep-nesting"], each) == "deep-nesting: True\n")
    }

    @Test func `the JSON is valid but unusual`() async throws {
        let each = """
            old, new = json.loads(good), json.loads(body)
            print(*new, "|", *new["users"][0])
            print(old == new, [user["id"] for user in new["users"]] == IDS[:2])
            """
        let output = try await run(["key-order", "unknown-fields"], each)
        #expect(
            output == """
                key-order: users status_message status | last_online online_status_message online_status id
                True True
                unknown-fields: server status status_message users | id online_status online_status_message last_online since
                False True

                """)
    }

    @Test func `the status is strange`() async throws {
        let each = """
            pairs = json.loads(body, object_pairs_hook=lambda pairs: pairs)
            print([value for key, value in pairs if key == "status"], good[-60:] in body)
            """
        let kinds = ["status-twice", "status-text", "status-half", "status-null", "status-absent"]
        let output = try await run(kinds, each)
        #expect(
            output == """
                status-twice: [0, 12] False
                status-text: ['0'] True
                status-half: [0.5] True
                status-null: [None] True
                status-absent: [] True

                """)
    }

    @Test func `the message is strange`() async throws {
        let each = """
            answer = json.loads(body)
            print(answer["status"], len(answer), len(answer["status_message"]), repr(answer["status_message"][-50:]))
            """
        let kinds = ["long-message", "control-message", "token-message"]
        let output = try await run(kinds, each)
        #expect(
            output == #"""
                long-message: 999 2 1000000 'long long long long long long long long long long '
                control-message: 999 2 27 '\x1b[31mred\x1b[0m\r\nline 2\x00\x07\x85\u202eend'
                token-message: 999 2 65 'c4a1c4a1c4a1c4a1-ca4a1ca4a1ca4a1c-a4a1ca4a1ca4a1ca'

                """#)
    }

    @Test func `the encoding was not requested`() async throws {
        let each = """
            def unpacked(data):
                try: return gzip.decompress(data)
                except (EOFError, gzip.BadGzipFile, zlib.error) as error: return type(error).__name__, str(error)[:18]
            members, left = 0, body
            while left and kind != "brotli":
                stream = zlib.decompressobj(31)
                try: stream.decompress(left)
                except zlib.error: break
                if not stream.eof: break
                members, left = members + 1, stream.unused_data
            text = unpacked(body)
            if text == good: text = "good"
            if isinstance(text, bytes): text = (len(text), text.strip(), len(body))
            if kind == "brotli":
                # An uncompressed block: the length minus one, and the bytes.
                size = (int.from_bytes(body[:3], "little") >> 4 & 0xffff) + 1
                text = size == len(good), body[3:] == good + bytes([3])
            print(*encoding, members, text)
            """
        let kinds = ["gzip", "gzip-cut", "gzip-crc", "gzip-members", "gzip-bomb", "brotli"]
        let output = try await run(kinds, each)
        #expect(
            output == """
                gzip: content-encoding: gzip 1 good
                gzip-cut: content-encoding: gzip 0 ('EOFError', 'Compressed file en')
                gzip-crc: content-encoding: gzip 0 ('BadGzipFile', 'CRC check failed')
                gzip-members: content-encoding: gzip 2 good
                gzip-bomb: content-encoding: gzip 1 (51600001, b'', 325021)
                brotli: content-encoding: br 0 (True, True)

                """)
    }
}
