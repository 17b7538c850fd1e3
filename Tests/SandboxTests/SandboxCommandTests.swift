import TestSupport
import Testing

@testable import Sandbox

/// The `sandbox` command.
@Suite(.needs("python3")) struct SandboxCommandTests {
    @Test func `help names every kind in readable lines`() async throws {
        let help = try await Program.run(["sandbox", "--help"], in: "/").output
        let words = Set(help.split { " ,.\n()".contains($0) }.map(String.init))
        for kind in Fault.groups.flatMap(\.kinds) { #expect(words.contains(kind.usage), "\(kind.usage)") }
        for text in ["http-CODE[:RETRY-AFTER]", "status-CODE", "any", "~K"] { #expect(words.contains(text), "\(text)") }
        let lines = help.split(separator: "\n").filter { !$0.hasPrefix("USAGE:") }
        #expect(lines.allSatisfy { $0.count <= 80 })
    }

    @Test(arguments: [
        ["--tls-cert", "c.pem"], ["--tls-key", "k.pem"], ["--tls-cert", "none.pem", "--tls-key", "none.pem"],
        ["--seed", "-1"], ["--seed", "x"], ["--fault", "stale@~0"], ["--fault", "latency:x"],
    ])
    func `refuses invalid options`(_ arguments: [String]) async throws {
        let result = try await Program.run(["sandbox", "--port", "0"] + arguments, in: "/")
        #expect(result.code == 64)
        #expect(result.output == "")
        #expect(result.error.contains(arguments[0]) || result.error.contains(arguments[1]), "\(result.error)")
    }

    @Test(.needs("openssl")) func `uses TLS and its seed`() async throws {
        try await withTemporaryDirectory { path in
            let names = try await SecureSandboxTests.makeCertificate(in: path)
            let program = """
                import http.client, json, ssl, subprocess, sys
                trusting = ssl.create_default_context(cafile=sys.argv[2])
                for seed in "1", "1", "2":
                    command = sys.argv[1:2] + ["sandbox", "--port", "0", "--seed", seed, "--fault", "http-500@~2"]
                    command += ["--tls-cert", sys.argv[2], "--tls-key", sys.argv[3]]
                    sandbox = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
                    url = sandbox.stdout.readline().split()[4]
                    print(sandbox.stdout.readline().split()[-4:] == ["--base-url", url, "--ca-file", sys.argv[2]])
                    connection = http.client.HTTPSConnection("127.0.0.1", int(url.rpartition(":")[2]), context=trusting)
                    codes = []
                    for _ in range(24):
                        connection.request("POST", "/pa/get_online", json.dumps({"ids": ["a"]}))
                        reply = connection.getresponse()
                        codes.append(reply.status // 100)
                        reply.read()
                    print(*codes, sep="")
                    sandbox.kill()
                    sandbox.wait()
                """
            let result = try await Tool.python(program, [Program.path, names.certificate, names.key])
            #expect(result.error == "")
            let first = "True\n522552225522555225522555\n"
            #expect(result.output == first + first + "True\n525555225255255555255255\n")
        }
    }
}
