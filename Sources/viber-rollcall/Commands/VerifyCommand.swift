import ArgumentParser
import Files
import Formats
import HistoryJobs
import Model
import SnapshotJob
import Snapshots

/// `verify`: reads snapshots back.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read a snapshot back: gzip, row counts, check sums, and that the numbers add up.",
        discussion: """
            A run is named by its id, by 'latest' (the newest successful one), 'previous' (the successful one before it), a day \
            such as 2026-11-21 (UTC), or a path. Without a name it is the newest run.

            Exits 0 if the snapshot is sound, 65 with what is wrong if not, 66 if it is not there.
            """
    )

    @Argument(help: "The run to check.")
    var run: String?

    @Flag(.all) var all = false
    @OptionGroup var reports: ReportsArguments
    @Flag(.quietVerification) var quiet = false

    func run() async throws {
        guard run == nil || !all else { throw UsageError(description: "--all goes without the name of a run") }
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

    /// - Throws: `UnsoundSnapshot` if anything is wrong with the snapshot; what reading it throws.
    private static func verified(_ path: String) throws -> Verification {
        let verification = try Verification(of: path)
        guard verification.findings.isEmpty else {
            throw UnsoundSnapshot(path: path, findings: verification.findings)
        }
        return verification
    }

    /// One line a run; what is wrong with a run stands on standard error.
    private static func verifyAll(_ job: VerifyJob, quiet: Bool) throws {
        let paths = try job.all()
        var damaged = 0
        for path in paths {
            do {
                _ = try verified(path)
                if !quiet { try StandardStream.output.write("\(FilePaths.escaped(path)) is sound\n") }
            } catch {
                // One that could not be written to standard output ends the command.
                if let error = error as? FileError, error.kind == .failed, error.path == "standard output" {
                    throw error
                }
                guard ExitStatus(of: error) != nil else { throw error }
                damaged += 1
                // One that has an exit code is one of the program's own.
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

/// A snapshot that is not what it says.
struct UnsoundSnapshot: Error, CustomStringConvertible {
    var path: String
    var findings: [String]

    var description: String { "\(path) does not verify:\n" + findings.map { "  " + $0 }.joined(separator: "\n") }
}
