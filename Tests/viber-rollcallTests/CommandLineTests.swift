import ArgumentParser
import Foundation
import SnapshotJob
import TestSupport
import Testing

import enum SnapshotJob.ExitStatus

@testable import viber_rollcall

/// The help, and the order of options, environment and defaults.
@Suite(.needs("python3")) struct CommandLineTests {
    /// Documents are compared with the help: `DocumentationTests`.
    @Test func `the help has the exit codes of the program`() {
        let help = ViberRollcall.helpMessage(columns: 1_000)
        for status in ExitStatus.allCases { #expect(help.contains(" \(status.rawValue)  \(status.meaning)\n")) }
    }

    /// The defaults, repeated by hand, so that none is changed by accident.
    @Test func `the defaults are those of the contract`() {
        let defaults = OptionKey.ofSnapshot.compactMap { key in key.defaultValue.map { "\(key.name) \($0)" } }
        #expect(
            defaults == [
                "base-url https://chatapi.viber.com", "timeout 30s", "progress auto", "output-dir reports",
                "format csv,json", "concurrency 8", "rate 10", "settle 30s,2m,5m", "resume-within 1h", "max-shrink 50",
            ])
        let ofOthers = OptionKey.ofAudit + OptionKey.ofPruneList + OptionKey.ofReport
        #expect(
            ofOthers.compactMap { key in key.defaultValue.map { "\(key.name) \($0)" } } == [
                "output-dir reports", "list-format csv", "output-dir reports", "runs 3", "days 30", "max-jump 5",
                "max-list-shrink 10", "max-listed 50", "format csv", "output-dir reports",
            ])
    }

    /// The defaults of the sandbox and the demo, which are not in the option table.
    @Test func `the defaults of the sandbox are those of the contract`() throws {
        let sandbox = try #require(try ViberRollcall.parseAsRoot(["sandbox"]) as? SandboxCommand)
        #expect((sandbox.port, sandbox.latency, sandbox.seed) == (8_089, "0ms", 0))
        #expect((sandbox.tryLater, sandbox.allow, sandbox.mostIDs, sandbox.subscribers) == (50, 0, 100, 2_500))
        let demo = try #require(try ViberRollcall.parseAsRoot(["demo"]) as? DemoCommand)
        #expect(demo.outputDir == "reports")
    }

    /// The parser accepts every option of the table, passes it to the settings, and prints it in the help.
    @Test(arguments: OptionKey.ofSnapshot) func `a typed option reaches the settings`(_ key: OptionKey) throws {
        let words = key.valueName == nil ? ["--" + key.name] : ["--" + key.name, "7"]
        let command = try #require(try ViberRollcall.parseAsRoot(["list.csv"] + words) as? SnapshotCommand)
        #expect(command.typed.map(\.key) == [key])
        #expect(command.typed[key] == (key.valueName != nil ? "7" : key == .verbose ? "1" : "true"))
        // A long name has its own line.
        let help = ViberRollcall.helpMessage(for: SnapshotCommand.self, columns: 1_000)
        let start = try #require(help.firstRange(of: "--\(key.name) ")?.upperBound)
        let entry = help[start...].split(separator: "\n  -").first ?? ""
        if let standard = key.defaultValue { #expect(entry.contains("Default: \(standard).")) }
    }

    private static let tables: [(any ParsableCommand.Type, [OptionKey])] = [
        (SnapshotCommand.self, OptionKey.ofSnapshot), (AuditCommand.self, OptionKey.ofAudit),
        (PruneListCommand.self, OptionKey.ofPruneList), (ReportCommand.self, OptionKey.ofReport),
        (AccountCommand.self, OptionKey.ofAccount),
    ]

    @Test func `the parser has the options of the table and no others`() {
        for (command, keys) in Self.tables {
            let help = ViberRollcall.helpMessage(for: command, columns: 1_000)
            let built = Set(help.matches(of: /(?m)^  (?:-[a-z], )?--([a-z-]+)/).map { String($0.1) })
            #expect(built.subtracting(["help", "version"]) == Set(keys.map(\.name)), "\(command)")
            for standard in keys.compactMap(\.defaultValue) { #expect(help.contains("Default: \(standard).")) }
        }
    }

    /// A value from the environment counts like a typed one.
    @Test(arguments: OptionKey.ofSnapshot) func `an option in the environment reaches the settings`(_ key: OptionKey) {
        #expect(key.hasVariable)
        #expect(SettingsReader([:], environment: [key.variable: "7"]).text(key) == "7")
    }

    @Test func `every command is in the help`() {
        let help = ViberRollcall.helpMessage(columns: 100)
        for command in ViberRollcall.configuration.subcommands {
            #expect(help.contains("  \(command._commandName) "))
        }
    }

    @Test func `a source alone is a snapshot`() throws {
        let command = try ViberRollcall.parseAsRoot(["list.csv", "--column", "id"])
        let snapshot = try #require(command as? SnapshotCommand)
        #expect(snapshot.source.source == "list.csv")
        #expect(snapshot.source.column == "id")
    }

    @Test func `typed values override the environment and that overrides defaults`() throws {
        let environment = [
            "VIBER_ROLLCALL_CONCURRENCY": "5", "VIBER_ROLLCALL_NO_HEADER": "true", "VIBER_ROLLCALL_RATE": "",
        ]
        let reader = SettingsReader([.concurrency: "7"], environment: environment)
        #expect(try reader.integer(.concurrency, in: 1...64) == 7)
        #expect(try reader.flag(.noHeader))
        #expect(try reader.rate(.rate) == 10)
        let without = SettingsReader([:], environment: environment)
        #expect(try without.integer(.concurrency, in: 1...64) == 5)
        #expect(try SettingsReader([:], environment: [:]).integer(.concurrency, in: 1...64) == 8)
    }

    @Test func `an error names the option or the variable`() {
        let typed = SettingsReader([.rate: "fast"], environment: [:])
        #expect {
            _ = try typed.rate(.rate)
        } throws: {
            "\($0)".hasPrefix("--rate 'fast' is not valid")
        }
        let set = SettingsReader([:], environment: ["VIBER_ROLLCALL_RATE": "-1"])
        #expect {
            _ = try set.rate(.rate)
        } throws: {
            "\($0)".hasPrefix("VIBER_ROLLCALL_RATE='-1' is not valid")
        }
    }

    @Test(arguments: [
        ("200ms", Duration.milliseconds(200)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("1h", .seconds(3_600)),
        ("2d", .seconds(172_800)), ("0s", .zero),
    ])
    func `a duration is a number and a unit`(_ text: String, _ duration: Duration) {
        #expect(Duration(parsing: text) == duration)
    }

    @Test(arguments: ["", "5", "s", "-5s", "5 s", "5min", "1.5h", "٣s", "99999999999999999999s", "5S"])
    func `any other text is not a duration`(_ text: String) { #expect(Duration(parsing: text) == nil) }

    @Test func `quiet prints nothing if all goes well`() async throws {
        try await withTemporaryDirectory { directory in
            try write("id\n+380501234567\n", to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let loud = try await Program.snapshot(["list.csv"], in: directory, of: sandbox)
                #expect(loud.error.contains("1 id looks like a phone number, on line 2"))
                let quiet = try await Program.snapshot(["list.csv", "-q"], in: directory, of: sandbox)
                #expect((quiet.code, quiet.output, quiet.error) == (0, "", ""))
                let summary = try String(contentsOfFile: directory + "/reports/latest/summary.json", encoding: .utf8)
                #expect(summary.contains("1 id looks like a phone number, on line 2"))
            }
        }
    }

    @Test func `json is the object of the summary on one line`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(3), to: directory + "/list.csv")
            try await Program.withSandbox { sandbox in
                let run = try await Program.snapshot(["list.csv", "--json"], in: directory, of: sandbox)
                #expect(run.output.split(separator: "\n").count == 1)
                let same = try await Tool.python(
                    "import json,sys; print(json.loads(sys.argv[1]) == json.load(open(sys.argv[2])))",
                    [run.output, directory + "/reports/latest/summary.json"])
                #expect(same.output == "True\n")
            }
        }
    }

    @Test func `the crontab uses valid options`() throws {
        let crontab = try String(contentsOfFile: Machine.root + "/cron/viber-rollcall.crontab", encoding: .utf8)
        let line = try #require(crontab.split(separator: "\n").last)
        let words = line.split(separator: " ").map(String.init)
        let program = try #require(words.firstIndex { $0.hasSuffix("/viber-rollcall") })
        #expect(try ViberRollcall.parseAsRoot(Array(words[(program + 1)...])) is SnapshotCommand)
        #expect(!line.contains("%"))
        #expect(crontab.hasSuffix("\n"))
    }
}
