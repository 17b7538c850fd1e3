import Foundation
import TestSupport
import Testing

/// The token appears nowhere but in the header of a request.
@Suite(.needs("python3")) struct SecretTests {
    /// A run at the highest verbosity, with its arguments visible to other users.
    @Test func `a run keeps the token`() async throws {
        try await expectKept(extra: [], faults: [], code: 0)
    }

    @Test func `a run that fails half way keeps the token`() async throws {
        let pages = ["--fault", "html@1-", "--try-later", "0"]
        try await expectKept(extra: ["--settle", "none"], faults: pages, code: 76)
    }

    /// The token is refused after some batches; the answers so far are published as incomplete.
    @Test func `a run whose token is revoked keeps the token`() async throws {
        let revoked = ["status-2@3-", "account:status-2@2-"].flatMap { ["--fault", $0] }
        try await expectKept(extra: ["--concurrency", "1"], faults: revoked, code: 77)
    }

    private func expectKept(extra: [String], faults: [String], code: Int32) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(450), to: directory + "/list.csv")
            try write(Program.canary + "\n", to: directory + "/token")
            try await Program.withSandbox(["--latency", "50ms"] + faults) { sandbox in
                let run = try await Program.takeRoll(
                    [
                        "snapshot", "list.csv", "-vvv", "--token-file", "token", "--base-url", sandbox.url, "--settle",
                        "100ms", "--rate", "0", "--progress", "always",
                    ] + extra,
                    in: directory, under: [Tool.python, "-c", Self.watch], ids: "list.csv.ids", makes: ["cmdline"])
                #expect(run.code == code, "\(run.error)")
                #expect(run.error.contains("info: roll call ended"))
            }
        }
    }

    /// Runs a program and keeps its arguments, as other users see them, for the search.
    private static let watch = """
        import subprocess, sys, time
        process = subprocess.Popen(sys.argv[1:])
        seen = b""
        while process.poll() is None:
            try:
                seen += open(f"/proc/{process.pid}/cmdline", "rb").read()
            except OSError:
                pass
            time.sleep(0.02)  # between two polls
        assert b"--token-file" in seen
        open("cmdline", "wb").write(seen)
        sys.exit(process.returncode)
        """

    @Test(arguments: ["\n", "\r\n", ""])
    func `a token file may end in a line end`(_ end: String) async throws {
        try await withTemporaryDirectory { directory in
            try write(Program.canary + end, to: directory + "/token")
            try await Program.withSandbox { sandbox in
                let account = try await Program.run(
                    ["account", "--token-file", "token", "--base-url", sandbox.url, "--json"], in: directory)
                #expect(account.code == 0, "\(account.error)")
                #expect(account.output.hasPrefix(#"{"id":"pa:75346594275468546724","name":"Sandbox","#))
                // The webhook's path may hold a secret.
                #expect(account.output.contains(#""webhook":"https://sandbox.example:8443""#))
            }
        }
    }

    @Test func `a credential of systemd comes before the environment`() async throws {
        try await withTemporaryDirectory { directory in
            try write(Program.canary + "\n", to: directory + "/viber-auth-token")
            try await Program.withSandbox { sandbox in
                let account = try await Program.run(
                    ["account", "--base-url", sandbox.url], in: directory,
                    environment: ["CREDENTIALS_DIRECTORY": directory, "VIBER_AUTH_TOKEN": "another"])
                #expect(account.code == 0, "\(account.error)")
                #expect(account.output.contains("subscribers_count"))
            }
        }
    }

    @Test func `a world-readable token file is a warning and a world-writable one an error`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            try write(Program.canary + "\n", to: directory + "/token")
            try await Program.withSandbox { sandbox in
                for (mode, code, words) in [(0o644, 0, "warning"), (0o666, 78, "chmod 600"), (0o600, 0, "")] {
                    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: directory + "/token")
                    let account = try await Program.run(
                        ["account", "--token-file", "token", "--base-url", sandbox.url], in: directory)
                    #expect(account.code == Int32(code), "\(account.error)")
                    #expect(words.isEmpty ? account.error == "" : account.error.contains(words))
                }
            }
        }
    }

    @Test(arguments: [["snapshot", "--help"], ["account", "--help"], ["sandbox", "--help"]])
    func `no option takes a token`(_ arguments: [String]) async throws {
        let help = try await Program.run(arguments, in: "/")
        #expect(help.code == 0)
        #expect(!help.output.contains("--token "))
    }
}
