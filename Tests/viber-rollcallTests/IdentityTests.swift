import Foundation
import TestSupport
import Testing

/// Snapshots of more than one source or account in one output directory.
@Suite(.needs("python3")) struct IdentityTests {
    private func run(_ list: String, in directory: String, of sandbox: SandboxHandle) async throws -> ToolResult {
        try await Program.takeRoll(
            [list, "--base-url", sandbox.url, "--rate", "0", "--settle", "1ms"], in: directory,
            environment: ["VIBER_AUTH_TOKEN": Program.canary])
    }

    @Test func `another source is a warning with both names`() async throws {
        try await withTemporaryDirectory { directory in
            let ids = IDLists.made(200)
            for (folder, ids) in [("a", ids.prefix(100)), ("b", ids.suffix(100))] {
                try FileManager.default.createDirectory(
                    atPath: directory + "/" + folder, withIntermediateDirectories: true)
                try IDLists.writeCSV(Array(ids), to: "\(directory)/\(folder)/list.csv")
            }
            try IDLists.writeCSV(Array(ids.suffix(100)), to: directory + "/other.csv")
            try await Program.withSandbox { sandbox in
                let first = try await run("a/list.csv", in: directory, of: sandbox)
                #expect(!first.error.contains("another source"), "\(first.error)")
                let again = try await run("a/list.csv", in: directory, of: sandbox)
                #expect(!again.error.contains("another source"), "\(again.error)")
                let same = try await run("b/list.csv", in: directory, of: sandbox)
                #expect(
                    same.error.contains("is of list.csv, and this run is of list.csv, by path, table or column"),
                    "\(same.error)")
                let other = try await run("other.csv", in: directory, of: sandbox)
                #expect(other.error.contains("is of list.csv, and this run is of other.csv. "), "\(other.error)")
                // They have no id in common and are not compared.
                let audit = try await Program.run(["audit"], in: directory)
                #expect(audit.code == 0 && !audit.output.contains("gone"), "\(audit.output)\(audit.error)")
                // The gate would compare with a run that is not the previous one.
                let gate = try await Program.run(["audit", "--fail-if", "unavailable +90%"], in: directory)
                #expect(gate.code == 4, "\(gate.error)")
                #expect(
                    gate.error.contains(/run \S+, before run \S+, is of another source or account\./), "\(gate.error)")
                let alone = try await Program.run(["audit", "--fail-if", "unavailable > 90%"], in: directory)
                #expect(alone.code == 0, "\(alone.error)")
            }
        }
    }

    @Test func `another account is a warning with both names`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(100), to: directory + "/list.csv")
            try await Program.withSandbox { sandbox in
                // The checkers of a run would notice that its neighbour was changed.
                func run() async throws -> ToolResult {
                    try await Tool.run(
                        Program.path, ["list.csv", "--base-url", sandbox.url, "--rate", "0", "--settle", "1ms"],
                        in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary])
                }
                _ = try await run()
                try await Histories.edit(-1, in: directory, "it['account'] |= {'id': 'pa:1', 'name': 'Other bot'}")
                let other = try await run()
                #expect(
                    other.error.contains("is of Other bot (pa:1), and this run is of "), "\(other.error)")
                // The previous run was of this account; an older one was not.
                let again = try await run()
                #expect(!again.error.contains("another account"), "\(again.error)")
            }
        }
    }

    /// Gates and lists refuse a run that figures only leave out. Figures refuse a damaged newest run, too.
    @Test func `gates and lists do not skip a run`() async throws {
        try await withTemporaryDirectory { directory in
            try await Histories.make(in: directory, ["--runs", "4", "--ids", "100"])
            let copied = try await Tool.python(
                """
                import glob, shutil, sys
                runs = sorted(glob.glob(sys.argv[1] + "/reports/2*"))
                shutil.copytree(runs[-2], sys.argv[1] + "/reports/20261101T000000Z-aaaa")
                """, [directory])
            try #require(copied.code == 0, "\(copied.error)")
            let figures = try await Program.run(["audit"], in: directory)
            #expect(figures.code == 0, "\(figures.error)")
            #expect(figures.error.contains("20261101T000000Z-aaaa is left out: it holds run "), "\(figures.error)")
            for arguments in [["--fail-if", "unavailable > 99%"], ["--list", "unavailable"]] {
                let refused = try await Program.run(["audit"] + arguments, in: directory)
                #expect(refused.code == 4, "\(refused.error)")
                #expect(refused.output == "")
            }
            try await Histories.edit(-1, in: directory, "it['schema'] = 'x'")
            for arguments in [[], ["--fail-if", "unavailable > 99%"], ["--list", "unavailable"]] {
                let damaged = try await Program.run(["audit"] + arguments, in: directory)
                #expect(damaged.code == 65, "\(damaged.error)")
                #expect(damaged.output == "")
            }
            // Runs that are named explicitly are accepted.
            let named = try await Program.run(["audit", "latest", "--fail-if", "unavailable > 99%"], in: directory)
            #expect(named.code == 0, "\(named.error)")
        }
    }
}
