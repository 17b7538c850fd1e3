import ArgumentParser
import Files
import Formats
import SnapshotJob

/// Parses, runs, and turns whatever was thrown into one line and an exit code.
@main
struct ViberRollcall: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "viber-rollcall",
        abstract: "Takes the roll of a Viber bot's subscribers: who is online, offline, undisclosed, unavailable.",
        discussion: """
            Reads subscriber ids from a CSV file or an SQLite database, asks Viber's get_online for them 100 at a time, \
            and leaves a dated snapshot: subscribers.csv.gz, snapshot.json.gz and summary.json. Every id read is \
            accounted for; a run that could not finish says so.

            'viber-rollcall SOURCE' is 'viber-rollcall snapshot SOURCE'. To see it work without a token and without the \
            network: viber-rollcall demo

            \(ExitStatus.table)
            """,
        version: version,
        subcommands: [
            SnapshotCommand.self, AuditCommand.self, PruneListCommand.self, ReportCommand.self, AccountCommand.self,
            VerifyCommand.self,
            SandboxCommand.self, DemoCommand.self,
        ],
        defaultSubcommand: SnapshotCommand.self
    )

    private static var commandNames: [String] { configuration.subcommands.map { $0._commandName } + ["help"] }

    static func main() async {
        StandardStream.reserve()
        ProcessHardening.keepMemoryPrivate()
        do {
            try FirstWord.check(ProcessWords.arguments, commands: commandNames)
            var command = try parseAsRoot(ProcessWords.arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            ErrorLines.flush()
        } catch {
            guard let status = ExitStatus(of: error) else {
                // The argument parser's own errors have their own words and codes; its 1 is for errors of nobody.
                guard exitCode(for: error) == .failure else { end(with: error) }
                printError("an error nobody foresaw, of type \(type(of: error)): a defect of this program")
                end(with: ExitStatus.brokenInvariant.code)
            }
            // An error that has an exit code is one of the program's own, with words that hold no token.
            printError(String(describing: error))
            end(with: status.code)
        }
    }

    private static func end(with error: any Error) -> Never {
        ErrorLines.flush()
        exit(withError: error)
    }

    /// A line on standard error; nothing is left to tell it to if that is gone too.
    static func printError(_ text: String) {
        ErrorLines.write("viber-rollcall: \(SanitizedText(lines: text))\n")
    }

    /// Warnings on standard error, a line each.
    static func warn(_ warnings: [String]) { for warning in warnings { printError("warning: \(warning)") } }
}
