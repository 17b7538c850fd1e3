import Model
import TestSupport
import Testing

@testable import Sandbox

/// The sandbox over HTTP, with a client in Python.
@Suite(.needs("python3")) struct SandboxServerTests {
    @Test func `reports errors as HTTP 200 with a status`() async throws {
        let program = """
            print(short(online({"ids": IDS[:100]})))
            print(short(online({"ids": IDS})))
            print(short(online({"ids": []})))
            print(short(online({})))
            print(short(online({"id": IDS[:1]})))
            print(short(online(b"no JSON")))
            print(short(online({"ids": "x"})))
            print(short(online({"ids": IDS[:1]}, "wrong")))
            print(short(online({"ids": IDS[:1]}, TOKEN + "x")))
            print(short(online({"ids": IDS[:1]}, None)))
            print(call("/pa/get_account_info", token="wrong"))
            print(call("/pa/none")[0])
            """
        let output = try await SandboxClient.run(program)
        #expect(
            output == """
                (200, 0, 'ok', 100)
                (200, 3, 'badData', 0)
                (200, 3, 'badData', 0)
                (200, 4, 'missingData', 0)
                (200, 4, 'missingData', 0)
                (200, 3, 'badData', 0)
                (200, 3, 'badData', 0)
                (200, 2, 'invalidAuthToken', 0)
                (200, 2, 'invalidAuthToken', 0)
                (200, 2, 'invalidAuthToken', 0)
                (200, b'{"status":2,"status_message":"invalidAuthToken"}')
                404

                """)
    }

    @Test func `gives the account by get and by post`() async throws {
        let program = """
            for code, body in call("/pa/get_account_info"), call("/pa/get_account_info", b"{}"):
                account = json.loads(body)
                print(code, account["status"], account["subscribers_count"])
            """
        let output = try await SandboxClient.run(program) { $0.subscribers = 123 }
        #expect(output == "200 0 123\n200 0 123\n")
    }

    @Test func `counts the requests`() async throws {
        let program = """
            online({"ids": IDS[:70]}); online({"ids": IDS[:30]}); online({"ids": IDS[:1]}, "wrong")
            call("/pa/get_account_info"); call("/pa/get_account_info", token="wrong")
            print(call("/sandbox/stats", token=None)[1].decode())
            """
        #expect(
            try await SandboxClient.run(program)
                == #"{"get_online":3,"get_account_info":2,"refused_tokens":2,"throttled":0,"ids":101,"largest_batch":70,"#
                + #""most_in_flight":1}"# + "\n")
    }

    @Test func `answers tryLater first for some ids`() async throws {
        let ids = SampleIDs.ids(4_000).filter { SimulatedStatus.isTryLaterFirst($0.utf8, every: 50) }.prefix(60)
        #expect(ids.count == 60)
        let program = """
            def truth(id):
                h = 0xcbf29ce484222325
                for byte in id.encode(): h = (h ^ byte) * 0x100000001b3 % 2**64
                return 0 if h % 100 < 30 else 1 if h % 100 < 65 else 2 if h % 100 < 80 else 4
            expected = {id: truth(id) for id in IDS}
            for _ in range(4):
                given = statuses(IDS)
                print("try later" if set(given.values()) == {3} else "status" if given == expected else given)
            """
        #expect(try await SandboxClient.run(program, ids: Array(ids)) == "try later\nstatus\ntry later\nstatus\n")
        #expect(
            try await SandboxClient.run(program, ids: Array(ids)) { $0.tryLaterEvery = 0 }
                == "status\nstatus\nstatus\nstatus\n")
    }

    @Test func `every fault of the users does what its name says`() async throws {
        let kinds = [
            "missing", "extra", "duplicate", "conflict", "unknown-status", "bad-status", "reversed", "try-later",
        ]
        let program = """
            ids = IDS[:5]
            good = [user["online_status"] for user in online({"ids": ids})[1]["users"]]
            for _ in range(8):
                users = online({"ids": ids})[1]["users"]
                names = [str(ids.index(user["id"])) if user["id"] in ids else "stranger" for user in users]
                changed = [str(user["online_status"]) for user, name in zip(users, names)
                    if name == "stranger" or user["online_status"] != good[int(name)]]
                print(*names, "|", *changed)
            """
        let faults = kinds.enumerated().map { "\($0.element)@\($0.offset + 2)" }
        // The sample list starts with an offline id, so a conflict makes it online.
        let first = try #require(SampleIDs.ids(1).first)
        #expect(SimulatedStatus.status(of: first.utf8) == .offline)
        let output = try await SandboxClient.run(program, faults: faults) { $0.tryLaterEvery = 0 }
        #expect(
            output == """
                1 2 3 4 |
                stranger 0 1 2 3 4 | 0
                0 0 1 2 3 4 |
                0 1 2 3 4 0 | 0
                0 1 2 3 4 | 99
                0 1 2 3 4 | soon
                4 3 2 1 0 |
                0 1 2 3 4 | 3 3 3 3 3

                """)
    }

    @Test func `every other fault sends no users`() async throws {
        let program = """
            class Stay(urllib.request.HTTPRedirectHandler):
                def redirect_request(self, *arguments): return None
            urllib.request.install_opener(urllib.request.build_opener(Stay))
            for _ in range(7): print(*call("/pa/get_online", json.dumps({"ids": IDS[:2]}).encode()))
            print(*call("/pa/get_account_info"))
            print(call("/pa/get_account_info")[0])
            """
        let output = try await SandboxClient.run(
            program,
            faults: [
                "http-503@1", "http-401@2", "status-12@3", "html@4", "empty@5", "truncated@6", "redirect@7",
                "account:http-500@1",
            ])
        #expect(
            output == """
                503 b'<html><body>Sorry.</body></html>'
                401 b'<html><body>Sorry.</body></html>'
                200 b'{"status":12,"status_message":"status 12"}'
                200 b'<html><body>Sorry.</body></html>'
                200 b''
                200 b'{"status":0,"status_message":"ok","users":[{"id":"'
                302 b''
                500 b'<html><body>Sorry.</body></html>'
                200

                """)
    }

    @Test func `headers come as the fault gives them`() async throws {
        let program = """
            for _ in range(6):
                first, lines, body = parts(raw(IDS[:2])[0])
                shown = [line for line in lines if line.startswith(("retry-after:", "location:", "content-length:"))]
                print(first.split()[1], *sorted(shown), len(body))
            """
        let faults = [
            "http-429:5@1", "http-503:Wed, 21 Oct 2015 07:28:00 GMT@2", "http-429:0|-1@3", "no-content@4",
            "redirect:https://other.example/@5", "http-308:/elsewhere@6",
        ]
        #expect(
            try await SandboxClient.run(program, faults: faults) == """
                429 content-length: 32 retry-after: 5 32
                503 content-length: 32 retry-after: wed, 21 oct 2015 07:28:00 gmt 32
                429 content-length: 32 retry-after: -1 retry-after: 0 32
                204 0
                302 content-length: 0 location: https://other.example/ 0
                308 content-length: 32 location: /elsewhere 32

                """)
    }

    @Test(arguments: ["hang", "timeout"]) func `faults without a response send nothing`(_ fault: String) async throws {
        let program = """
            with connect() as connection:
                connection.sendall(request(IDS[:2]))
                connection.settimeout(0.2)
                try: print(connection.recv(1))
                except TimeoutError: print("nothing")
            """
        #expect(try await SandboxClient.run(program, faults: [fault]) == "nothing\n")
    }

    @Test func `logs every request with its ids`() async throws {
        try await withTemporaryDirectory { path in
            let log = path + "/log"
            _ = try await SandboxClient.run(
                #"online({"ids": IDS[:2]}); online({"ids": []}); call("/pa/get_account_info")"#, faults: ["missing@2"],
                ids: ["a\"b", "c"]
            ) { $0.logPath = log }
            #expect(
                String(decoding: try bytes(of: log), as: UTF8.self) == #"""
                    {"request":1,"in_flight":1,"answer":"ok","ids":["a\"b","c"]}
                    {"request":2,"in_flight":1,"answer":"missing","ids":[]}

                    """#)
        }
    }

    @Test func `a port in use is reported with its number`() async throws {
        try await SandboxServer.with(.init(token: "t")) { port in
            var second = SandboxServer.Options(token: "t")
            second.port = port
            let options = second
            let error = await #expect(throws: SandboxServer.Unavailable.self) {
                try await SandboxServer.with(options) { $0 }
            }
            #expect(error?.port == port)
        }
    }

    private struct BodyError: Error {}

    @Test func `errors of the body are rethrown and the port is freed`() async throws {
        var options = SandboxServer.Options(token: "t")
        options.port = SandboxClient.unusedPort()
        let sandbox = options
        await #expect(throws: BodyError.self) { try await SandboxServer.with(sandbox) { _ in throw BodyError() } }
        try await SandboxClient.open(sandbox)
    }
}
