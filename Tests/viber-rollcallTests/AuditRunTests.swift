import Foundation
import TestSupport
import Testing

/// `audit`, as a user runs it.
@Suite(.needs("python3")) struct AuditRunTests {
    private func withHistory(
        _ arguments: [String], _ body: (_ directory: String) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            try await Histories.make(in: directory, arguments)
            try await body(directory)
        }
    }

    private func audit(_ arguments: [String], in directory: String) async throws -> ToolResult {
        try await Program.run(["audit"] + arguments, in: directory)
    }

    private func names(_ directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory + "/reports").filter { $0.hasPrefix("2") }
            .sorted()
    }

    /// SQLite, filled from the same files, gives the same figures, lists and prune lists.
    @Test(arguments: [
        ["--runs", "5", "--ids", "230", "--seed", "1", "--incomplete", "2"],
        ["--runs", "4", "--ids", "60", "--seed", "2", "--every", "40", "--incomplete", "3"],
        ["--runs", "3", "--ids", "0", "--seed", "3"], ["--runs", "1", "--ids", "30", "--seed", "4"],
        ["--runs", "2", "--ids", "1", "--seed", "5", "--incomplete", "0", "--incomplete", "1"],
    ])
    func `every figure is what SQL gives`(_ arguments: [String]) async throws {
        try await withHistory(arguments) { directory in
            for name in try names(directory) {
                let verified = try await Program.run(["verify", "reports/" + name], in: directory)
                #expect(verified.code == 0, "\(verified.error)")
            }
            let checked = try await Tool.run(
                Tool.python,
                ["-B", Machine.root + "/Tests/Checkers/check_audit.py", Program.path, directory + "/reports"])
            #expect(checked.code == 0, "\(checked.output)\(checked.error)")
        }
    }

    @Test func `a run has many names`() async throws {
        try await withHistory(["--runs", "4", "--ids", "40", "--incomplete", "3"]) { directory in
            let runs = try names(directory)
            let expected = [
                ([], runs[3], runs[2]), (["latest"], runs[2], runs[1]), (["previous"], runs[1], runs[0]),
                ([runs[1]], runs[1], runs[0]), ([String(runs[3].prefix(21))], runs[3], runs[2]),
                (["2026-06-02"], runs[1], runs[0]), (["reports/" + runs[2]], runs[2], runs[1]),
                (["reports/latest"], runs[2], runs[1]), (["latest", "--against", runs[0]], runs[2], runs[0]),
                (["2026-06-03", "--against", "2026-06-04"], runs[2], runs[3]),
            ]
            for (arguments, run, against) in expected {
                let text = try await audit(arguments, in: directory)
                #expect(text.code == 0, "\(text.error)")
                let lines = text.output.split(separator: "\n")
                #expect(lines.first?.hasPrefix("Run \(run.prefix(21)) of ") == true, "\(arguments): \(text.output)")
                #expect(lines.dropFirst().first?.hasPrefix("against \(against.prefix(21)) of ") == true)
            }
        }
    }

    @Test(arguments: ["latest2", "2026-07-01", "20260601T001700Z-ffff", "nowhere/run", "previous-incomplete"])
    func `a run that does not exist is reported`(_ name: String) async throws {
        try await withHistory(["--runs", "2", "--ids", "10"]) { directory in
            let missing = try await audit([name], in: directory)
            #expect(missing.code == 66)
            #expect(missing.error.contains(name), "\(missing.error)")
        }
    }

    @Test func `before the first run there is nothing to audit`() async throws {
        try await withTemporaryDirectory { directory in
            for (says, prepare) in [
                ("there is no directory reports; a run makes it: viber-rollcall SOURCE --output-dir reports", {}),
                (
                    "no run has left a snapshot in reports yet",
                    {
                        try FileManager.default.createDirectory(
                            atPath: directory + "/reports", withIntermediateDirectories: true)
                    }
                ),
            ] as [(String, () throws -> Void)] {
                try prepare()
                for command in ["audit", "prune-list"] {
                    let nothing = try await Program.run([command], in: directory)
                    #expect(nothing.code == 66)
                    #expect(nothing.error.contains(says), "\(nothing.error)")
                }
            }
        }
    }

    @Test func `one run is compared with nothing`() async throws {
        try await withHistory(["--runs", "1", "--ids", "50"]) { directory in
            let one = try await audit(["--fail-if", "unavailable +5%"], in: directory)
            #expect(one.code == 0)
            #expect(one.output.contains("No earlier successful run to compare with"))
            #expect(one.error.contains("'unavailable +5%' was not evaluated: there is no earlier run"))
            #expect(try await audit(["--list", "new"], in: directory).code == 66)
            #expect(try await audit(["previous"], in: directory).code == 66)
        }
    }

    @Test func `only incomplete runs give a range`() async throws {
        try await withHistory(["--runs", "2", "--ids", "200", "--incomplete", "0", "--incomplete", "1"]) { directory in
            let run = try await audit([], in: directory)
            #expect(run.code == 0)
            #expect(run.output.contains(", INCOMPLETE: "))
            #expect(run.output.contains("Unavailable: at least "))
            #expect(run.output.contains("No earlier successful run to compare with"))
            let latest = try await audit(["latest"], in: directory)
            #expect(latest.code == 66)
            #expect(latest.error.contains("there is no successful run; reports has 2 from"), "\(latest.error)")
        }
    }

    @Test func `each gate that trips is a line`() async throws {
        try await withHistory(["--runs", "2", "--ids", "100"]) { directory in
            let tripped = try await audit(
                ["-q", "--fail-if", "unavailable > 0", "--fail-if", "unique < 50", "--fail-if", "online <= 100%"],
                in: directory)
            #expect(tripped.code == 4)
            #expect(tripped.output == "")
            let lines = tripped.error.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.first?.hasPrefix("viber-rollcall: gate 'unavailable > 0' trips: unavailable is ") == true)
            let passed = try await audit(["-q", "--fail-if", "unique < 50"], in: directory)
            #expect((passed.code, passed.output, passed.error) == (0, "", ""))
        }
    }

    @Test(arguments: [
        (["--fail-if", "gone > 5"], "--fail-if 'gone > 5'"), (["--list", "left"], "--list 'left'"),
        (["--list", "new", "--list-format", "xml"], "--list-format 'xml'"),
        (["--list", "new", "--json"], "--list cannot be used with"),
        (["--output-dir", ""], "--output-dir ''"),
    ])
    func `an invalid value is a usage error`(_ arguments: [String], _ says: String) async throws {
        try await withHistory(["--runs", "2", "--ids", "10"]) { directory in
            let refused = try await audit(arguments, in: directory)
            #expect(refused.code == 64)
            #expect(refused.error.contains(says), "\(refused.error)")
        }
    }

    @Test func `a damaged snapshot is never audited`() async throws {
        try await withHistory(["--runs", "3", "--ids", "50"]) { directory in
            let runs = try names(directory)
            let rows = directory + "/reports/\(runs[2])/subscribers.csv.gz"
            try write(try bytes(of: rows).dropLast(9), to: rows)
            let cut = try await audit([], in: directory)
            #expect(cut.code == 65)
            #expect(cut.error.contains(/is damaged: subscribers.csv.gz has \d+ bytes, not \d+/), "\(cut.error)")
            // A complete file of another run.
            try write(try bytes(of: directory + "/reports/\(runs[0])/subscribers.csv.gz"), to: rows)
            let swapped = try await audit([], in: directory)
            #expect(swapped.code == 65)
            #expect(swapped.error.contains("is damaged: subscribers.csv.gz has "), "\(swapped.error)")
            // The newest run is not skipped; an older one is left out, with a warning.
            try write("{}", to: directory + "/reports/\(runs[2])/summary.json")
            let newest = try await audit([], in: directory)
            #expect(newest.code == 65)
            #expect(newest.error.contains("\(runs[2]) cannot be relied on: it is damaged"), "\(newest.error)")
            let without = try await audit([runs[1]], in: directory)
            #expect(without.code == 0)
            #expect(without.error.contains("\(runs[2]) is left out"))
            #expect(without.output.contains("Run \(runs[1]) of"))
        }
    }

    /// A run of another source or account is not compared with.
    @Test(arguments: [
        "it['source']['key'] = '00' * 32", "it['account']['id'] = 'pa:2'",
        // Written by version 0.1, which had no key.
        "del it['source']['key']; it['source']['name'] = 'other.csv'",
        "del it['source']['key']; it['source']['column'] = 'viber_id'",
    ])
    func `a run of another list is skipped`(_ change: String) async throws {
        try await withHistory(["--runs", "3", "--ids", "50"]) { directory in
            let runs = try names(directory)
            try await Histories.edit(1, in: directory, change)
            #expect(try await audit([], in: directory).output.contains("against \(runs[0]) of"))
        }
    }

    /// Keys decide, whatever the names are; without a key, name and column decide.
    @Test(arguments: ["it['source']['name'] = 'other.csv'", "del it['source']['key']"])
    func `a run of the same list is compared`(_ change: String) async throws {
        try await withHistory(["--runs", "3", "--ids", "50"]) { directory in
            let runs = try names(directory)
            try await Histories.edit(1, in: directory, change)
            #expect(try await audit([], in: directory).output.contains("against \(runs[1]) of"))
        }
    }

    @Test func `a list of JSON alone is read too`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(120), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                for format in ["json", "csv"] {
                    let run = try await Program.snapshot(
                        ["list.csv", "--format", format], in: directory, of: sandbox, ids: "list.csv.ids")
                    #expect(run.code == 0, "\(run.error)")
                }
            }
            // The run ids decide which of the two is newer; nothing changed between them.
            let audited = try await audit(["--list", "new"], in: directory)
            #expect(audited.code == 0, "\(audited.error)")
            #expect(audited.output == "id,now,before,last_online,checked_at\n")
        }
    }
}
