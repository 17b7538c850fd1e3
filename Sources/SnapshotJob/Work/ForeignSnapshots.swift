import Formats
import Model
import Snapshots

/// Snapshots of another source or account in the output directory of a run. They are not compared with the run, and
/// usually share the directory by mistake.
struct ForeignSnapshots {
    /// Sentences for the user.
    private(set) var warnings: [String] = []

    /// Compares a run with the newest snapshots in its output directory.
    ///
    /// - Parameters:
    ///   - output: the directory.
    ///   - summary: the summary of the run.
    ///   - now: the current time; runs dated long after it do not count.
    /// - Throws: `FileError` if the directory cannot be read.
    init(in output: OutputDirectory, differingFrom summary: RunSummary, now: Timestamp) throws {
        let advice = "They are not compared; give each its own output directory (--output-dir)"
        if let last = try PublishedRuns.newest(in: output, now: now, where: { _ in true })?.summary,
            !last.hasSameSource(as: summary)
        {
            let names = [last, summary].map { SanitizedText($0.source.name).description }
            let how = names[0] == names[1] ? ", by path, table or column" : ""
            warnings.append(
                "another source: run \(last.run.id) in \(output.path) is of \(names[0]), and this run is of \(names[1])\(how). "
                    + advice)
        }
        if summary.account?.id != nil,
            let last = try PublishedRuns.newest(in: output, now: now, where: { $0.account?.id != nil })?.summary,
            !last.hasSameAccount(as: summary)
        {
            let names = [last, summary].map(Self.account)
            warnings.append(
                "another account: run \(last.run.id) in \(output.path) is of \(names[0]), and this run is of \(names[1]). "
                    + advice)
        }
    }

    private static func account(of summary: RunSummary) -> String {
        let id = SanitizedText(summary.account?.id ?? "").description
        return summary.account?.name.map { "\(SanitizedText($0)) (\(id))" } ?? id
    }
}
