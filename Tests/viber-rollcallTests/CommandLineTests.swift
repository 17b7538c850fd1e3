import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import viber_rollcall

/// What the program says of itself, and how options, environment and defaults go together.
@Suite(.needs("python3")) struct CommandLineTests {
    @Test func theREADMEHasTheExitCodesOfTheProgram() throws {
        let readme = try String(contentsOfFile: Machine.root + "/README.md", encoding: .utf8)
        for status in ExitStatus.allCases {
            #expect(readme.contains("| \(status.rawValue) | \(status.meaning) |"), "\(status)")
        }
    }

    @Test func theREADMEHasEveryOptionAndNoOther() throws {
        let readme = try String(contentsOfFile: Machine.root + "/README.md", encoding: .utf8)
        let table = readme.split(separator: "\n").filter { $0.hasPrefix("| `--") || $0.hasPrefix("| `-") }
        let told = Set(table.flatMap { $0.matches(of: /`(--[a-z-]+)/).map { String($0.1) } })
        let help = ViberRollcall.helpMessage(for: SnapshotCommand.self, columns: 100)
        let built = Set(help.matches(of: /(--[a-z][a-z-]+)/).map { String($0.1) }).subtracting(["--version", "--help"])
        #expect(told == built)
    }

    @Test func everyCommandIsInTheREADMEAndInTheHelp() throws {
        let readme = try String(contentsOfFile: Machine.root + "/README.md", encoding: .utf8)
        let help = ViberRollcall.helpMessage(columns: 100)
        for command in ["snapshot", "audit", "prune-list", "report", "account", "verify", "sandbox", "demo"] {
            #expect(help.contains("  \(command) "))
            #expect(readme.contains("`\(command)"))
        }
    }

    @Test func aSourceAloneIsASnapshot() throws {
        let command = try ViberRollcall.parseAsRoot(["list.csv", "--column", "id"])
        let snapshot = try #require(command as? SnapshotCommand)
        #expect(snapshot.source.source == "list.csv")
        #expect(snapshot.source.column == "id")
    }

    @Test func whatIsTypedWinsOverTheEnvironmentAndThatOverTheDefault() throws {
        let environment = [
            "VIBER_ROLLCALL_CONCURRENCY": "5", "VIBER_ROLLCALL_NO_HEADER": "true", "VIBER_ROLLCALL_RATE": "",
        ]
        let reader = SettingsReader(arguments: ["concurrency": "7"], environment: environment)
        #expect(try reader.integer("concurrency", in: 1...64, default: 8) == 7)
        #expect(try reader.flag("no-header"))
        #expect(try reader.rate("rate", default: 10) == 10)
        let without = SettingsReader(arguments: [:], environment: environment)
        #expect(try without.integer("concurrency", in: 1...64, default: 8) == 5)
        #expect(
            try SettingsReader(arguments: [:], environment: [:]).integer("concurrency", in: 1...64, default: 8) == 8)
    }

    @Test func anErrorNamesTheOptionOrTheVariable() {
        let typed = SettingsReader(arguments: ["rate": "fast"], environment: [:])
        #expect {
            _ = try typed.rate("rate", default: 10)
        } throws: {
            "\($0)".hasPrefix("--rate 'fast' cannot be read")
        }
        let set = SettingsReader(arguments: [:], environment: ["VIBER_ROLLCALL_RATE": "-1"])
        #expect {
            _ = try set.rate("rate", default: 10)
        } throws: {
            "\($0)".hasPrefix("VIBER_ROLLCALL_RATE='-1' cannot be read")
        }
    }

    @Test(arguments: [
        ("200ms", Duration.milliseconds(200)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("1h", .seconds(3_600)),
        ("2d", .seconds(172_800)), ("0s", .zero),
    ])
    func aDurationIsANumberAndAUnit(_ text: String, _ duration: Duration) {
        #expect(Durations.parse(text) == duration)
    }

    @Test(arguments: ["", "5", "s", "-5s", "5 s", "5min", "1.5h", "٣s", "99999999999999999999s", "5S"])
    func anythingElseIsNone(_ text: String) { #expect(Durations.parse(text) == nil) }

    @Test func quietSaysNothingWhenAllIsWell() async throws {
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

    @Test func jsonIsTheObjectOfTheSummaryOnOneLine() async throws {
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

    @Test func theCrontabNamesOptionsThatThereAre() throws {
        let crontab = try String(contentsOfFile: Machine.root + "/cron/viber-rollcall.crontab", encoding: .utf8)
        let line = try #require(crontab.split(separator: "\n").last)
        let words = line.split(separator: " ").map(String.init)
        let program = try #require(words.firstIndex { $0.hasSuffix("/viber-rollcall") })
        #expect(try ViberRollcall.parseAsRoot(Array(words[(program + 1)...])) is SnapshotCommand)
        #expect(!line.contains("%"))
        #expect(crontab.hasSuffix("\n"))
    }
}
