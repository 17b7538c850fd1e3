import Formats
import Model
package import Snapshots

/// How a run ended that published a snapshot.
package struct RunResult: Sendable {
    package var published: PublishedSnapshot
    package var status: ExitStatus
    /// A sentence for whoever has to look, if the run is not complete.
    package var message: String?
    /// Warnings that are printed with `--quiet` too, if the run is not complete.
    package var quietWarnings: [String]
    /// Warnings that came when the snapshot was in place, and stand nowhere else.
    package var lateWarnings: [String]

    init(_ published: PublishedSnapshot, stopped: StopReason?, cause: String?, unlikely: [UnlikelyResult]) {
        self.published = published
        let counts = published.summary.counts
        status = ExitStatus(counts: counts, stopped: stopped)
        let silent = Set(unlikely.filter { !$0.isPrintedQuietly }.map(\.text))
        quietWarnings = published.summary.warnings.filter { !silent.contains($0) }
        lateWarnings = published.warnings.filter { !published.summary.warnings.contains($0) }
        let why = stopped == .deadline ? cause.map { " (\(SanitizedText($0)))" } ?? "" : ""
        guard stopped != nil || counts.unresolved > 0 else { return }
        message =
            (stopped.map { "stopped: \(SanitizedText($0.description))\(why); " } ?? "")
            + "\(counts.unresolved.grouped) of \(counts.total.grouped) ids "
            + "\(counts.unresolved == 1 ? "has" : "have") no definite answer"
            + (counts.notAsked > 0 ? " (\(counts.notAsked.grouped) not asked for)" : "")
            + "; their rows say why: \(published.path)" + (stopped == nil ? "" : ". Run again to continue")
    }
}
