import Foundation
import TestSupport
import Testing

/// What cron would mail: nothing if all goes well, otherwise a few readable lines.
@Suite(.needs("python3")) struct CronMailTests {
    struct Failure: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var faults: [String]
        var arguments: [String] = []
        var code: Int32
    }

    private static let failures = [
        Failure(testDescription: "web pages", faults: ["html@1-"], code: 76),
        Failure(testDescription: "a web page for the account", faults: ["account:html@1-"], code: 0),
        Failure(testDescription: "the token is refused", faults: ["account:status-2"], code: 77),
        Failure(
            testDescription: "the token is revoked", faults: ["status-2@3-", "account:status-2@2-"], code: 77),
        Failure(testDescription: "a message of 1 MB", faults: ["account:long-message"], code: 0),
        Failure(testDescription: "messages that move the cursor", faults: ["control-message@1-"], code: 3),
        Failure(testDescription: "messages with the token", faults: ["token-message@1-"], code: 3),
        Failure(testDescription: "a redirect", faults: ["redirect@2-", "account:redirect@2-"], code: 78),
        Failure(testDescription: "no time left", faults: ["hang@2-"], arguments: ["--deadline", "5s"], code: 75),
        Failure(testDescription: "a wait that is too long", faults: ["http-429:9999@2-"], code: 75),
        Failure(testDescription: "many kinds of trouble", faults: ["any@/2", "bad-status@/3"], code: 0),
    ]

    @Test(arguments: failures) func `a failure is a few readable lines`(_ failure: Failure) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
            let faults = failure.faults.flatMap { ["--fault", $0] }
            try await Program.withSandbox(["--try-later", "0"] + faults) { sandbox in
                let run = try await Program.takeRoll(
                    ["list.csv", "--quiet", "--base-url", sandbox.url, "--settle", "none", "--timeout", "2s"]
                        + failure.arguments, in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary])
                #expect(run.code == failure.code || (failure.code == 0 && run.code == 3), "\(run.error)")
                let mail = run.output + run.error
                #expect(mail.isEmpty == (run.code == 0), "\(mail)")
                let lines = mail.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                #expect(lines.count <= 20, "\(mail)")
                #expect(lines.allSatisfy { $0.utf8.count <= 600 }, "\(mail)")
                // Control characters and line ends of the server are not passed on.
                #expect(mail.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x7f) })
                #expect(run.error.split(separator: "\n").allSatisfy { $0.hasPrefix("viber-rollcall: ") }, "\(mail)")
            }
        }
    }

    @Test func `no line of the template has a percent sign`() throws {
        // Cron turns it into a line end; `date +%F` is the usual trap.
        let crontab = try String(contentsOfFile: Machine.root + "/cron/viber-rollcall.crontab", encoding: .utf8)
        let commands = crontab.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(commands.count >= 2)
        #expect(commands.allSatisfy { !$0.contains("%") })
        #expect(commands.last?.contains("--quiet") == true)
    }
}
