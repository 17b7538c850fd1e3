import Foundation
import TestSupport
import Testing

/// Plain http shows the token to the network, so it is sent to loopback addresses only, whatever the name of the host.
@Suite(.needs("python3"), .needs("unshare"), .needs("ip")) struct PlainHTTPTests {
    /// A separate network in which `localhost` is a non-loopback address, of the same machine, since there is no other.
    private static let network = """
        import os, socket, subprocess, sys, threading
        address, directory, command = sys.argv[1], sys.argv[2], sys.argv[3:]
        for words in ("link set lo up", "addr add 10.99.0.1/32 dev lo"):
            subprocess.run(["ip"] + words.split(), check=True)
        with open(directory + "/hosts", "w") as file:
            file.write(address + " localhost\\n")
        subprocess.run(["mount", "--bind", directory + "/hosts", "/etc/hosts"], check=True)
        server = socket.create_server((address, 8099))
        received = []
        def serve():
            while True:
                connection, _ = server.accept()
                connection.settimeout(5)
                try:
                    received.append(connection.recv(65536))
                except OSError:
                    pass
                connection.close()
        threading.Thread(target=serve, daemon=True).start()
        run = subprocess.run(command, capture_output=True, text=True, timeout=60)
        print(run.returncode, run.stderr.strip(), b"".join(received) != b"", sep="|")
        """

    private func run(_ address: String) async throws -> [String] {
        try await withTemporaryDirectory { directory in
            try write("id\n0123456789abcdefABCDEF==\n", to: directory + "/list.csv")
            let ran = try await Tool.run(
                "unshare",
                ["-rmn", Tool.python, "-c", Self.network, address, directory, Program.path, "list.csv"]
                    + ["--base-url", "http://localhost:8099", "--settle", "none", "--deadline", "3s"],
                in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary])
            try #require(ran.code == 0, "\(ran.error)")
            return ran.output.trimmingCharacters(in: .newlines).split(separator: "|").map(String.init)
        }
    }

    @Test func `a name that leads elsewhere is sent nothing`() async throws {
        let said = try await run("10.99.0.1")
        #expect(said.first == "78", "\(said)")
        #expect(
            said.dropFirst().first?.contains("localhost is 10.99.0.1, which is not this machine") == true, "\(said)")
        #expect(said.last == "False")
    }

    /// In the same environment, requests are sent to a loopback address.
    @Test func `any loopback address is accepted`() async throws {
        let said = try await run("127.3.2.1")
        #expect(said.first == "69", "\(said)")
        #expect(said.last == "True", "\(said)")
    }
}
