import TestSupport
import Testing

@testable import Sandbox

/// Every toxic over a real socket, with a client in Python.
@Suite(.needs("python3")) struct ToxicTests {
    /// Requests a good response, then one for each kind, each on its own connection, and runs `shown` on the bytes and
    /// the end of each.
    private func run(_ kinds: [String], _ shown: String, most: Int = 1 << 30) async throws -> String {
        let program = """
            good = parts(raw(IDS[:3])[0])[2]
            for kind in "\(kinds.joined(separator: " "))".split():
                started = time.monotonic()
                data, end = raw(IDS[:3], most=\(most))
                seconds = time.monotonic() - started
                first, lines, body = parts(data)
                lengths = [int(line.split()[1]) - len(good) for line in lines if line.startswith("content-length")]
                print(kind + ":", end=" ")
                \(shown)
            """
        let faults = kinds.enumerated().map { "\($0.element)@\($0.offset + 2)" }
        return try await SandboxClient.run(program, faults: faults) { $0.tryLaterEvery = 0 }
    }

    /// Prints the status line, the difference of each length from that of a good body, how much of a good body arrived,
    /// and the end.
    private static let summary = """
        part = "good" if body == good else f"{len(body)} of {len(good)}" if good.startswith(body) else "other"
            print(first, lengths, part, end)
        """

    @Test func `cuts the connection`() async throws {
        let kinds = [
            "down", "reset-peer", "stale", "reset-body", "limit-data:9", "close-after", "short-length", "cut-json",
            "until-close", "slow-close:50",
        ]
        let output = try await run(kinds, Self.summary)
        #expect(
            output == """
                down:  [] 0 of 378 reset
                reset-peer:  [] 0 of 378 reset
                stale:  [] 0 of 378 end
                reset-body: HTTP/1.1 200 OK [0] 189 of 378 reset
                limit-data:9: HTTP/1.1  [] 0 of 378 end
                close-after: HTTP/1.1 200 OK [0] good end
                short-length: HTTP/1.1 200 OK [55] good end
                cut-json: HTTP/1.1 200 OK [] 20 of 378 end
                until-close: HTTP/1.1 200 OK [] good end
                slow-close:50: HTTP/1.1 200 OK [] good end

                """)
    }

    @Test func `closes after the response without announcing it`() async throws {
        let program = """
            data, end = raw(IDS[:1], more="")
            first, lines, body = parts(data)
            print(first, [line for line in lines if "close" in line], len(json.loads(body)["users"]), end)
            """
        #expect(try await SandboxClient.run(program, faults: ["close-after"]) == "HTTP/1.1 200 OK [] 1 end\n")
    }

    @Test func `delays the response`() async throws {
        let kinds = ["latency:80", "slicer", "bandwidth:5000", "slow-close:80"]
        let output = try await run(
            kinds,
            #"print(body == good, seconds > {"slicer": 0, "bandwidth:5000": len(data) / 5500}.get(kind, 0.08))"#)
        #expect(
            output == """
                latency:80: True True
                slicer: True True
                bandwidth:5000: True True
                slow-close:80: True True

                """)
    }

    @Test func `frames the response wrongly`() async throws {
        let kinds = ["two-lengths", "cut-chunk", "zero-code"]
        let output = try await run(kinds, Self.summary + "; print(body[:12])")
        #expect(
            output == #"""
                two-lengths: HTTP/1.1 200 OK [0, 1] good end
                b'{"status":0,'
                cut-chunk: HTTP/1.1 200 OK [] other end
                b'17a\r\n{"statu'
                zero-code: HTTP/1.1 000 Nothing [0] good end
                b'{"status":0,'

                """#)
    }

    @Test func `sends other bytes than HTTP`() async throws {
        let output = try await run(
            ["garbage", "tls-bytes"], #"print(len(data), b"HTTP" in data, data[:7] if len(data) < 9 else "", end)"#)
        #expect(
            output == #"""
                garbage: 512 False  end
                tls-bytes: 7 False b'\x15\x03\x03\x00\x02\x02(' end

                """#)
    }

    @Test func `sends too many headers`() async throws {
        let shown = #"print(first, len([line for line in lines if line.startswith("x-filler-")]), body == good, end)"#
        let output = try await run(["many-headers"], shown)
        #expect(output == "many-headers: HTTP/1.1 200 OK 20000 True end\n")
    }

    @Test func `sends endless data`() async throws {
        let shown = #"print(first, len(data) >= 3 << 20, data.count(b"\n"), len(set(data[1000:])), end)"#
        let output = try await run(["endless-body", "endless-header"], shown, most: 3 << 20)
        #expect(
            output == """
                endless-body: HTTP/1.1 200 OK True 6 1 open
                endless-header: HTTP/1.1 200 OK True 1 1 open

                """)
    }

    @Test func `sends early hints`() async throws {
        let shown = """
            *early, last = data.split(b"HTTP/1.1 ")[1:]
                print([part.split(b"\\r\\n")[0] for part in early], last.startswith(b"200"), last.endswith(good), end)
            """
        let output = try await run(["early-hints"], shown)
        #expect(output == "early-hints: [b'100 Continue', b'103 Early Hints'] True True end\n")
    }

    @Test func `sends one byte per second`() async throws {
        let program = """
            with connect() as connection:
                connection.sendall(request(IDS[:1]))
                head = b""
                while not head.endswith(b"\\r\\n\\r\\n"): head += connection.recv(1)
                started = time.monotonic()
                print(head.split()[1], connection.recv(100), time.monotonic() - started > 0.9)
            """
        #expect(try await SandboxClient.run(program, faults: ["drip"]) == "b'200' b'{' True\n")
    }

    @Test func `down reads no body`() async throws {
        let program = """
            with connect() as connection:
                head = request(IDS[:1]).partition(b"\\r\\n\\r\\n")[0] + b"\\r\\n\\r\\n"
                connection.sendall(head)
                print(rest(connection))
            """
        #expect(try await SandboxClient.run(program, faults: ["down"]) == "(b'', 'reset')\n")
    }

    @Test func `statistics and the account are served and the log names the toxic`() async throws {
        try await withTemporaryDirectory { path in
            let log = path + "/log"
            let program = """
                for _ in range(3): print(len(parts(raw(IDS[:2])[0])[2]) > 0)
                account = json.loads(parts(raw([], path="/pa/get_account_info")[0])[2])
                seen = json.loads(call("/sandbox/stats", token=None)[1])
                print(account["name"], seen["get_online"], seen["get_account_info"], seen["most_in_flight"])
                """
            let faults = ["down@1", "any@2", "latency:5@3"]
            let output = try await SandboxClient.run(program, faults: faults, ids: ["a", "b"]) { $0.logPath = log }
            #expect(output == "False\nTrue\nTrue\nSandbox 3 1 1\n")
            // The second fault is the draw of seed 0; of the first request only the head was read.
            #expect(
                String(decoding: try bytes(of: log), as: UTF8.self) == """
                    {"request":1,"in_flight":1,"answer":"down","ids":[]}
                    {"request":2,"in_flight":1,"answer":"online-huge","ids":["a","b"]}
                    {"request":3,"in_flight":1,"answer":"latency:5","ids":["a","b"]}

                    """)
        }
    }

    @Test func `the same seed does the same over the wire`() async throws {
        let program = """
            for number in range(40):
                data, end = raw(IDS[:2], most=1 << 21)
                print(number, len(data) if end != "open" else "many", end)
            """
        let faults = ["any@~2"]
        let first = try await SandboxClient.run(program, faults: faults) { $0.seed = 5 }
        #expect(first.split(separator: "\n").count == 40)
        #expect(try await SandboxClient.run(program, faults: faults) { $0.seed = 5 } == first)
        #expect(try await SandboxClient.run(program, faults: faults) { $0.seed = 6 } != first)
    }
}
