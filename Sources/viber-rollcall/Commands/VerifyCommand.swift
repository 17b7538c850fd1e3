import ArgumentParser
import Files
import Formats
import Model
import Snapshots

/// `verify`: reads a snapshot back.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read a snapshot back: gzip, row counts, check sums, and that the numbers add up.",
        discussion: "Exits 0 if the snapshot is sound, 65 with what is wrong if not, 66 if it is not there."
    )

    @Argument(help: ArgumentHelp("Directory of the snapshot, such as reports/latest.", valueName: "run"))
    var run: String

    @Flag(name: .shortAndLong, help: "Print nothing if the snapshot is sound.")
    var quiet = false

    func run() async throws {
        let path = run
        let verification = try await onBlockingThread { try Verification(of: path) }
        guard verification.findings.isEmpty else {
            throw UnsoundSnapshot(path: path, findings: verification.findings)
        }
        guard !quiet else { return }
        let summary = verification.summary
        let names = verification.files.map { "\($0.name) (\($0.rows.of("row")))" }.joined(separator: ", ")
        try StandardStream.output.write(
            """
            Run \(summary.run.id) is sound\(summary.run.complete ? "" : ", and incomplete"): \(names)
            \(summary.source.rowsRead.of("row")) read = \(summary.source.accepted.grouped) accepted \
            + \(summary.source.rejectedTotal.grouped) rejected; \(summary.source.accepted.grouped) accepted \
            = \(summary.source.unique.grouped) unique + \(summary.source.duplicates.grouped) duplicates; \
            \(summary.source.unique.grouped) unique = \(summary.counts.total.grouped) counted

            """)
    }
}

/// A snapshot that is not what it says.
struct UnsoundSnapshot: Error, CustomStringConvertible {
    var path: String
    var findings: [String]

    var description: String { "\(path) does not verify:\n" + findings.map { "  " + $0 }.joined(separator: "\n") }
}
