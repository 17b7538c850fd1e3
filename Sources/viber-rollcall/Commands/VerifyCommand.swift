import ArgumentParser
import Files
import Formats
import HistoryJobs
import Model
import SnapshotJob
import Snapshots

/// `verify`: reads snapshots back and checks them.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a snapshot: gzip, row counts, checksums, and that the numbers add up.",
        discussion: """
            Name a run by its id, 'latest' (the newest successful run), 'previous' (the successful run before it), a \
            day such as 2026-11-21 (UTC), or a path. Default: the newest run.

            Exits 0 if the snapshot is sound, 65 with the findings if it is not, and 66 if it does not exist.
            """
    )

    @Argument(help: "Run to check.")
    var run: String?

    @Flag(.all) var all = false
    @OptionGroup var reports: ReportsArguments
    @Flag(.quietVerification) var quiet = false

    func run() async throws {
        guard run == nil || !all else { throw UsageError(description: "--all cannot be used with the name of a run") }
        let reader = SettingsReader(
            TypedOptions([(.reports, reports.outputDir)]), environment: ProcessWords.environment)
        let job = VerifyJob(in: try OutputDirectory(reader, .reports), now: RunEnvironment.wallClock())
        let (name, all, quiet) = (run, all, quiet)
        try await onBlockingThread {
            if all { return try Self.verifyAll(job, quiet: quiet) }
            let verification = try Self.verified(job.path(of: name, warn: ViberRollcall.warn))
            if !quiet { try StandardStream.output.write(Self.text(verification)) }
        }
    }

    /// - Throws: `UnsoundSnapshot` if the snapshot has findings, and what reading it throws.
    private static func verified(_ path: String) throws -> Verification {
        let verification = try Verification(of: path)
        guard verification.findings.isEmpty else {
            throw UnsoundSnapshot(path: path, findings: verification.findings)
        }
        return verification
    }

    /// Checks all runs: prints one line per sound run, and the findings of the others on standard error.
    private static func verifyAll(_ job: VerifyJob, quiet: Bool) throws {
        let paths = try job.all()
        var damaged = 0
        for path in paths {
            do {
                _ = try verified(path)
                if !quiet { try StandardStream.output.write("\(FilePaths.escaped(path)) is sound\n") }
            } catch {
                // A failure to write standard output ends the command.
                if let error = error as? FileError, error.kind == .failed, error.path == "standard output" {
                    throw error
                }
                guard ExitStatus(of: error) != nil else { throw error }
                damaged += 1
                // An error with an exit code is one of the program's own.
                ViberRollcall.printError(String(describing: error))
            }
        }
        guard damaged == 0 else {
            ViberRollcall.printError(
                "\(damaged.grouped) of \(paths.count.counted("snapshot")) \(damaged == 1 ? "is" : "are") not sound")
            throw ExitStatus.unusableSource.code
        }
    }

    private static func text(_ verification: Verification) -> String {
        let summary = verification.summary
        let names = verification.files.map { "\(SanitizedText($0.name)) (\($0.rows.counted("row")))" }.joined(
            separator: ", ")
        return """
            Run \(summary.run.id) is sound\(summary.run.complete ? "" : ", and incomplete"): \(names)
            \(summary.source.rowsRead.counted("row")) read = \(summary.source.accepted.grouped) accepted \
            + \(summary.source.rejectedTotal.grouped) rejected; \(summary.source.accepted.grouped) accepted \
            = \(summary.source.unique.grouped) unique + \(summary.source.duplicates.grouped) duplicates; \
            \(summary.source.unique.grouped) unique = \(summary.counts.total.grouped) counted

            """
    }
}

/// A snapshot whose content does not match its summary.
struct UnsoundSnapshot: Error, CustomStringConvertible {
    var path: String
    var findings: [String]

    var description: String { "\(path) does not verify:\n" + findings.map { "  " + $0 }.joined(separator: "\n") }
}
