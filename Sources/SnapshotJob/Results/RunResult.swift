import Formats
import Model
package import Snapshots

/// The end of a run that published a snapshot.
package struct RunResult: Sendable {
    package var published: PublishedSnapshot
    package var status: ExitStatus
    /// A sentence for the user if the run is not complete.
    package var message: String?
    /// Warnings that are printed even with `--quiet` if the run is not complete.
    package var quietWarnings: [String]
    /// Warnings from after publication, which the summary therefore does not contain.
    package var lateWarnings: [String]

    init(_ published: PublishedSnapshot, stopped: StopReason?, cause: String?, unlikely: [UnlikelyResult]) {
        self.published = published
        let counts = published.summary.counts
        status = ExitStatus(counts: counts, stopped: stopped)
        let silent = Set(unlikely.filter { !$0.isPrintedQuietly }.map(\.text))
        quietWarnings = published.summary.warnings.filter { !silent.contains($0) }
        lateWarnings = published.warnings.filter { !published.summary.warnings.contains($0) }
        let causeNote = stopped == .deadline ? cause.map { " (\(SanitizedText($0)))" } ?? "" : ""
        guard stopped != nil || counts.unresolved > 0 else { return }
        message =
            (stopped.map { "stopped: \(SanitizedText($0.description))\(causeNote); " } ?? "")
            + "\(counts.unresolved.grouped) of \(counts.total.grouped) ids "
            + "\(counts.unresolved == 1 ? "has" : "have") no definite answer"
            + (counts.notAsked > 0 ? " (\(counts.notAsked.grouped) not requested)" : "")
            + "; their rows give the reason: \(published.path)" + (stopped == nil ? "" : ". Run again to resume")
    }
}
