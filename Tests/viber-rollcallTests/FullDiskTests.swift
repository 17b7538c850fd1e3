import Foundation
import TestSupport
import Testing

/// Snapshots on a small disk in memory that is full, fills up, or is read-only.
@Suite(.needs("python3"), .needs("unshare")) struct FullDiskTests {
    /// A program that runs another with a disk of the given size mounted at `reports`, and copies its content back
    /// afterwards. Once the sandbox has received `requests` requests, something else fills the disk; 0 for never.
    private static func disk(_ size: String, filledAfter requests: Int = 0, of sandbox: SandboxHandle) -> [String] {
        ["unshare", "-rm", Tool.python, "-c", driver, size, sandbox.url, String(requests)]
    }

    private static let driver = """
        import json, os, subprocess, sys, time, urllib.request
        size, url, requests, command = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
        def seen():
            return json.load(urllib.request.urlopen(url + "/sandbox/stats"))["get_online"]
        def shell(line):
            subprocess.run(["sh", "-ec", line], check=True)
        os.makedirs("reports", 0o750, exist_ok=True)
        os.mkdir("disk")
        shell(f"mount -t tmpfs -o size={size},mode=0750 disk disk; cp -a reports/. disk/; mount --bind disk reports")
        first = seen()
        run = subprocess.Popen(command)
        if requests:
            while run.poll() is None and seen() - first < requests:
                time.sleep(0.01)  # poll the progress
            with open("disk/filler", "wb", buffering=0) as filler:
                try:
                    while True:
                        filler.write(bytes(4096))
                except OSError:
                    pass
        code = run.wait()
        shell("rm -f disk/filler; umount reports; find reports -mindepth 1 -delete; cp -a disk/. reports/")
        shell("umount disk; rmdir disk")
        sys.exit(code if code >= 0 else 128 - code)
        """

    private func run(
        in directory: String, of sandbox: SandboxHandle, under command: [String] = [], ids: String? = nil
    ) async throws -> ToolResult {
        try await Program.takeRoll(
            ["list.csv", "--base-url", sandbox.url, "--rate", "0", "--concurrency", "1"], in: directory,
            environment: ["VIBER_AUTH_TOKEN": Program.canary], under: command, ids: ids)
    }

    /// A disk with room for the ids only is refused by the estimate; one with less room fails at the write.
    @Test(
        arguments: [
            ("16k", 250, 73, "not enough room on the disk"), ("256k", 5_000, 73, "not enough room on the disk"),
            ("256k", 20_000, 74, "spool: no space left on device"), ("8k", 250, 74, "no space left on device"),
        ] as [(String, Int, Int32, String)])
    func `a disk that is too small is refused before an id is sent`(
        _ size: String, _ count: Int, _ code: Int32, _ says: String
    ) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(count), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let refused = try await run(in: directory, of: sandbox, under: Self.disk(size, of: sandbox))
                #expect(refused.code == code, "\(refused.error)")
                #expect(refused.error.contains(says), "\(refused.error)")
                #expect(try await sandbox.statistics()["get_online"] == 0)
                #expect(try StoppedRun.names(directory).runs == [])
                let ended = try await run(in: directory, of: sandbox, ids: "list.csv.ids")
                #expect(ended.code == 0, "\(ended.error)")
            }
        }
    }

    /// The earlier snapshot and `latest` stay. Once there is room, the next run requests no id again.
    @Test func `a disk that fills up half way loses nothing`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
            try await Program.withSandbox(["--latency", "50ms", "--try-later", "0"]) { sandbox in
                let first = try await run(in: directory, of: sandbox, ids: "list.csv.ids")
                try #require(first.code == 0, "\(first.error)")
                let before = try StoppedRun.names(directory).runs
                let full = try await run(
                    in: directory, of: sandbox, under: Self.disk("1m", filledAfter: 3, of: sandbox))
                #expect(full.code == 74 || full.code == 73, "\(full.error)")
                #expect(full.error.contains("no space left on device"), "\(full.error)")
                #expect(try StoppedRun.names(directory).runs == before)
                #expect(try StoppedRun.names(directory).work.count == 1)
                let ended = try await run(in: directory, of: sandbox, ids: "list.csv.ids")
                #expect(ended.code == 0, "\(ended.error)")
                #expect(try StoppedRun.names(directory).runs.count == 2)
                #expect(try await sandbox.statistics()["get_online"] == 20)
            }
        }
    }

    /// A file system mounted read-only, empty or with the files of an earlier run.
    @Test(arguments: [false, true]) func `a read-only disk is refused`(_ isUsed: Bool) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            try FileManager.default.createDirectory(
                atPath: directory + "/reports", withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o750])
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                if isUsed { #expect(try await run(in: directory, of: sandbox).code == 0) }
                let before = try await sandbox.statistics()["get_online"]
                let readOnly = "mount --bind reports reports; mount -o remount,ro,bind reports; exec \"$@\""
                let refused = try await run(
                    in: directory, of: sandbox, under: ["unshare", "-rm", "sh", "-ec", readOnly, "sh"])
                #expect(refused.code == 73, "\(refused.error)")
                #expect(refused.error.contains("read-only file system"), "\(refused.error)")
                #expect(try await sandbox.statistics()["get_online"] == before)
            }
        }
    }
}
