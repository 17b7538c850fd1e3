import ArgumentParser
import Files
import Formats
import SnapshotJob

/// Parses the command line, runs the command, and reports an error as one line and an exit code.
@main
struct ViberRollcall: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "viber-rollcall",
        abstract: "Record which subscribers of a Viber bot are online, offline, undisclosed or unavailable.",
        discussion: """
            Reads subscriber ids from a CSV file or an SQLite database, queries Viber's get_online with 100 ids per \
            request, and publishes a dated snapshot: subscribers.csv.gz, snapshot.json.gz and summary.json. Every id \
            read is accounted for; a run that cannot finish says so.

            'viber-rollcall SOURCE' is short for 'viber-rollcall snapshot SOURCE'. To try it without a token and \
            without the network: viber-rollcall demo

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
                // The argument parser has texts and codes for its own errors; it gives 1 to errors it does not know.
                guard exitCode(for: error) == .failure else { end(with: error) }
                printError("internal error (unhandled \(type(of: error))); this is a bug, please report it")
                end(with: ExitStatus.brokenInvariant.code)
            }
            // An error with an exit code is one of the program's own, and its text holds no token.
            printError(String(describing: error))
            end(with: status.code)
        }
    }

    private static func end(with error: any Error) -> Never {
        ErrorLines.flush()
        exit(withError: error)
    }

    /// Prints one line on standard error. A failure to write it is ignored: it could not be reported anywhere.
    static func printError(_ text: String) {
        ErrorLines.write("viber-rollcall: \(SanitizedText(lines: text))\n")
    }

    /// Prints each warning as one line on standard error.
    static func warn(_ warnings: [String]) { for warning in warnings { printError("warning: \(warning)") } }
}
