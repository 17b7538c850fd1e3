import TestSupport
import Testing

@testable import Sandbox

/// The sandbox's HTTP connections, with a client in Python.
@Suite(.needs("python3")) struct SandboxConnectionTests {
    @Test func `a connection is kept open`() async throws {
        let program = """
            import http.client
            connection = http.client.HTTPConnection("127.0.0.1", PORT)
            connection.connect()
            own = connection.sock.getsockname()
            for number in range(30):
                body = json.dumps({"ids": IDS[:5]})
                connection.request("POST", "/pa/get_online", body, {"X-Viber-Auth-Token": TOKEN})
                reply = connection.getresponse()
                users = json.loads(reply.read())["users"]
                if len(users) != 5 or connection.sock.getsockname() != own: print(number, reply.status)
            print("kept")
            """
        #expect(try await SandboxClient.run(program, faults: ["slicer@3", "latency:1@5", "stale@31"]) == "kept\n")
    }

    @Test func `pipelined requests are answered in order`() async throws {
        let program = """
            with connect() as connection:
                ahead = b"".join(request(IDS[n:n + 1]) for n in range(9))
                connection.sendall(ahead + request(IDS[9:10], "Connection: close\\r\\n"))
                data, end = rest(connection)
            answers = [json.loads(part[part.index(b"{"):]) for part in data.split(b"HTTP/1.1 ")[1:]]
            print([IDS.index(answer["users"][0]["id"]) for answer in answers], end)
            """
        #expect(
            try await SandboxClient.run(program, faults: ["stale@11"]) == "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9] end\n")
    }

    @Test func `the connection is closed after the response on request`() async throws {
        let program = """
            data, end = raw(IDS[:1])
            first, lines, body = parts(data)
            print(first, lines[:-1], lines[-1] == f"content-length: {len(body)}", end)
            """
        #expect(
            try await SandboxClient.run(program)
                == "HTTP/1.1 200 OK ['content-type: application/json', 'connection: close'] True end\n")
    }

    @Test func `an unknown path gets 404 and the connection is kept`() async throws {
        let program = #"""
            with connect() as connection:
                for line in "HEAD /pa/get_online", "PUT /pa/get_online", "GET /pa/get_online", "POST /pa?/get_online", "GET /":
                    connection.sendall(f"{line} HTTP/1.1\r\nHost: sandbox\r\n\r\n".encode())
                    data = b""
                    while not data.endswith(b"\r\n\r\n"): data += connection.recv(1) or sys.exit("closed")
                    print(data)
            """#
        #expect(
            try await SandboxClient.run(program)
                == String(repeating: #"b'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'"# + "\n", count: 5))
    }

    @Test func `a query is not part of the path`() async throws {
        let program = """
            print(len(json.loads(parts(raw(IDS[:7], path="/pa/get_online?fields=all")[0])[2])["users"]))
            print(json.loads(call("/sandbox/stats?", token=None)[1])["get_online"])
            """
        #expect(try await SandboxClient.run(program) == "7\n1\n")
    }

    @Test func `a body may come in chunks`() async throws {
        let program = #"""
            with connect() as connection:
                head, _, body = request(IDS[:9], "Connection: close\r\nTransfer-Encoding: chunked\r\n").partition(b"\r\n\r\n")
                head = head.partition(b"\r\nContent-Length")[0]
                chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:5], body[5:]))
                connection.sendall(head + b"\r\n\r\n" + chunks + b"0\r\n\r\n")
                data, end = rest(connection)
            print(len(json.loads(parts(data)[2])["users"]), end)
            """#
        #expect(try await SandboxClient.run(program) == "9 end\n")
    }

    @Test func `a body that is too long is refused`() async throws {
        let program = #"""
            for size in 1 << 20, (1 << 20) + 1:
                with connect() as connection:
                    head = f"POST /pa/get_online HTTP/1.1\r\nHost: sandbox\r\nX-Viber-Auth-Token: {TOKEN}\r\n"
                    connection.sendall(f"{head}Content-Length: {size}\r\n\r\n".encode() + b" " * size)
                    connection.sendall(request(IDS[:1], "Connection: close\r\n") if size == 1 << 20 else b"")
                    data, end = rest(connection)
                print(data.count(b"badData"), data.count(b'"users"'), data[:12], b"connection: close" in data, end)
            """#
        #expect(
            try await SandboxClient.run(program) == """
                1 1 b'HTTP/1.1 200' True end
                0 0 b'HTTP/1.1 413' True end

                """)
    }
}
