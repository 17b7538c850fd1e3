import Foundation
import TestSupport
import Testing

/// Output directories that are unusable, or hold files of other users.
@Suite(.needs("python3")) struct OutputPlaceTests {
    private func run(
        in directory: String, of sandbox: SandboxHandle, under command: [String] = [], output: String = "reports",
        ids: String? = nil, makes: [String] = []
    ) async throws -> ToolResult {
        try await Program.takeRoll(
            ["list.csv", "--base-url", sandbox.url, "--rate", "0", "--output-dir", output], in: directory,
            environment: ["VIBER_AUTH_TOKEN": Program.canary], under: command, ids: ids, makes: makes)
    }

    struct Place: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Python that creates it.
        var prepare: String
        var output = "reports"
        var says: String
    }

    private static let places = [
        Place(testDescription: "a file", prepare: "open('reports', 'w')", says: "file exists"),
        Place(
            testDescription: "below a file", prepare: "open('closed', 'w')", output: "closed/reports",
            says: "file exists"),
        Place(
            testDescription: "may not be written", prepare: "os.mkdir('reports', 0o555)", says: "permission denied"),
        Place(
            testDescription: "may not be entered", prepare: "os.mkdir('reports', 0o666)", says: "permission denied"),
        Place(
            testDescription: "may not be made", prepare: "os.mkdir('closed', 0o555)", output: "closed/reports",
            says: "permission denied"),
    ]

    /// Permissions apply to root, too, without the capabilities to bypass them.
    @Test(.needs("setpriv"), arguments: places)
    func `a directory that cannot be written is refused before an id is sent`(_ place: Place) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            let made = try await Tool.run(
                Tool.python, ["-c", "import os; os.umask(0)\n" + place.prepare], in: directory)
            try #require(made.code == 0, "\(made.error)")
            defer { for name in ["reports", "closed"] { _ = chmod(directory + "/" + name, 0o755) } }
            try await Program.withSandbox { sandbox in
                let plain = geteuid() == 0 ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] : []
                let refused = try await run(in: directory, of: sandbox, under: plain, output: place.output)
                #expect(refused.code == 73, "\(refused.error)")
                #expect(refused.error.contains(place.says), "\(refused.error)")
                #expect(try await sandbox.statistics()["get_online"] == 0)
            }
        }
    }

    /// The checker of the run verifies that they still exist unchanged.
    @Test func `files of others stay unchanged`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            let others = directory + "/reports/20261121T231500Z-7f3a.partial"
            try FileManager.default.createDirectory(atPath: others, withIntermediateDirectories: true)
            for name in ["subscribers.csv.gz.partial", ".dat.nosync1a2b.c3d4", "notes.txt", "history.csv.bak"] {
                try write("somebody's", to: directory + "/reports/" + name)
            }
            try write("half", to: others + "/subscribers.csv.gz")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let ended = try await run(in: directory, of: sandbox, ids: "list.csv.ids")
                #expect(ended.code == 0, "\(ended.error)")
            }
        }
    }

    /// In a directory that others can write, another user may have put a link at a name that a run uses.
    @Test(arguments: ["history.csv.new", "latest.new", ".work/history.csv", ".work/latest"])
    func `a link at a temporary name is not followed`(_ name: String) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            try write("precious", to: directory + "/target")
            let output = directory + "/reports"
            try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: false)
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: output)
            try FileManager.default.createDirectory(
                atPath: output + "/.work", withIntermediateDirectories: false, attributes: [.posixPermissions: 0o750])
            try FileManager.default.createSymbolicLink(
                atPath: output + "/" + name, withDestinationPath: directory + "/target")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let makes = ["reports", "reports/.work"]
                let ended = try await run(in: directory, of: sandbox, makes: makes)
                #expect(ended.code == 0, "\(ended.error)")
            }
            #expect(try bytes(of: directory + "/target") == Array("precious".utf8))
        }
    }

    /// A snapshot could not be renamed into place: the run finds that out before it sends an id.
    @Test(.needs("unshare")) func `work on another file system is refused before an id is sent`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            let mounting = [
                "unshare", "-rm", "sh", "-c",
                "mkdir -p reports/.work && mount -t tmpfs -o mode=750 none reports/.work && exec \"$@\"", "sh",
            ]
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let refused = try await run(in: directory, of: sandbox, under: mounting, makes: ["reports"])
                #expect(refused.code == 73, "\(refused.error)")
                #expect(refused.error.contains("it is on another file system than reports"), "\(refused.error)")
                #expect(try await sandbox.statistics()["get_online"] == 0)
            }
        }
    }

    /// On network file systems without locks, a run refuses to start, because it could not exclude a second one.
    @Test(.needs("strace"), arguments: ["ENOLCK", "EOPNOTSUPP"])
    func `without locks there is no run`(_ code: String) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            try await Program.withSandbox { sandbox in
                let refused = try await run(
                    in: directory, of: sandbox,
                    under: ["strace", "-f", "-o", "trace", "-e", "trace=flock", "-e", "inject=flock:error=" + code],
                    makes: ["trace"])
                #expect(refused.code == 73, "\(refused.error)")
                #expect(refused.error.contains("cannot lock reports/.work/.lock"), "\(refused.error)")
                #expect(try await sandbox.statistics()["get_online"] == 0)
            }
        }
    }

    /// CIFS, exFAT and some others have no symbolic links: the run succeeds and warns that the link is missing.
    @Test(.needs("strace"), arguments: ["EOPNOTSUPP", "EPERM", "ENOSYS"])
    func `a run succeeds without links`(_ code: String) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                for _ in 0..<2 {
                    let command = ["list.csv", "--base-url", sandbox.url, "--rate", "0"]
                    let ended = try await Program.takeRoll(
                        command, in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary],
                        under: [
                            "strace", "-f", "-o", "trace", "-e", "trace=symlink,symlinkat", "-e",
                            "inject=symlink,symlinkat:error=" + code,
                        ], ids: "list.csv.ids", makes: ["trace"], setting: .latestCannotBeMade)
                    #expect(ended.code == 0, "\(ended.error)")
                    #expect(ended.error.contains("warning: reports/latest cannot be made: "), "\(ended.error)")
                    #expect(String(decoding: try bytes(of: directory + "/trace"), as: UTF8.self).contains("(INJECTED)"))
                }
                #expect(try await Program.run(["audit", "latest", "-q"], in: directory).code == 0)
                #expect(try await Program.run(["verify", "latest"], in: directory).code == 0)
            }
        }
    }

    /// Some cannot sync a directory either; its names are then only as durable as the file system makes them.
    @Test(.needs("strace"), arguments: ["EINVAL", "EOPNOTSUPP"])
    func `a run succeeds where directories have no fsync`(_ code: String) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            try FileManager.default.createDirectory(
                atPath: directory + "/reports", withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o750])
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let ended = try await run(
                    in: directory, of: sandbox,
                    under: [
                        "strace", "-f", "-o", "trace", "-P", directory + "/reports", "-e", "trace=fsync", "-e",
                        "inject=fsync:error=" + code,
                    ], ids: "list.csv.ids", makes: ["trace"])
                #expect(ended.code == 0, "\(ended.error)")
            }
            #expect(String(decoding: try bytes(of: directory + "/trace"), as: UTF8.self).contains("(INJECTED)"))
        }
    }
}
