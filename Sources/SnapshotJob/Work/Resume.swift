package import Journal
package import Model

/// Which unfinished run to go on with, and why the others are discarded: a pure function of what is known of them.
package struct Resume: Sendable, Equatable {
    /// The run to go on with; nil to start a new one.
    package private(set) var run: RunID?
    /// All other unfinished runs, each with the reason why it is discarded: first the one that would have been gone on with,
    /// then the rest, oldest first.
    package private(set) var discarded: [Discarded] = []

    package struct Discarded: Sendable, Equatable {
        package var run: RunID
        package var reason: String
    }

    /// What this run was told, as far as it decides.
    package struct Settings: Sendable {
        package var startedAt: Timestamp
        /// Source, options for it, and API; only a run that was told the same is gone on with.
        package var key: String
        /// How long ago an unfinished run may have begun.
        package var within: Duration
        /// Whether no earlier run is gone on with.
        package var startsFresh: Bool

        package init(startedAt: Timestamp, key: String, within: Duration, startsFresh: Bool) {
            self.startedAt = startedAt
            self.key = key
            self.within = within
            self.startsFresh = startsFresh
        }
    }

    /// What was found out about the candidate before anything is sent.
    package struct Findings: Sendable {
        /// `id` of the account that the token is for; nil if it is not known.
        package var account: String?
        /// Whether the token is the one that the candidate was begun with.
        package var isSameToken: Bool
        /// SHA-256 of the candidate's list of ids as it is on the disk; nil if it is gone.
        package var spoolSum: String?
        /// SHA-256 of the list that was read now, from a source that has no name to know it by.
        package var newSpoolSum: String?

        package init(
            account: String? = nil, isSameToken: Bool = false, spoolSum: String? = nil, newSpoolSum: String? = nil
        ) {
            self.account = account
            self.isSameToken = isSameToken
            self.spoolSum = spoolSum
            self.newSpoolSum = newSpoolSum
        }

        /// Why the candidate is not this run's, whatever its list of ids; nil if it may be.
        package func objection(to record: RunRecord) -> String? {
            if let sum = newSpoolSum, sum != record.spoolSum { return "standard input holds other ids now" }
            guard let account, let earlier = record.summary.account?.id else {
                return isSameToken ? nil : "it may have been for another account: the token is not the same"
            }
            guard !Account.isSame(account, as: earlier) else { return nil }
            return "it was for the account \(earlier), and the token is now for \(account)"
        }
    }

    /// The newest of the records, which are given oldest first, that was told what this run is told and is not too old.
    package static func candidate(among records: [RunRecord], _ settings: Settings) -> RunRecord? {
        records.last { reason(against: $0, settings) == nil }
    }

    /// Decides.
    ///
    /// - Parameters:
    ///   - records: all unfinished runs, oldest first.
    ///   - settings: of this run.
    ///   - findings: about `candidate(among:_:)`.
    package init(_ records: [RunRecord], _ settings: Settings, _ findings: Findings) {
        let candidate = Self.candidate(among: records, settings)
        let reasonNotResumable = candidate.flatMap { Self.reasonNotResumable(in: $0, findings) }
        if reasonNotResumable == nil { run = candidate?.run }
        if let candidate, let reasonNotResumable {
            discarded.append(Discarded(run: candidate.run, reason: reasonNotResumable))
        }
        for record in records where record.run != candidate?.run {
            let reason = Self.reason(against: record, settings) ?? "there is a newer one"
            discarded.append(Discarded(run: record.run, reason: reason))
        }
    }

    /// Why a run is no candidate; nil if it is one.
    private static func reason(against record: RunRecord, _ settings: Settings) -> String? {
        if settings.startsFresh { return "--fresh was given" }
        if record.key != settings.key { return "it was for another source, other options for it, or another API" }
        let age = Duration.milliseconds(settings.startedAt.milliseconds(since: record.summary.run.startedAt))
        return age <= settings.within ? nil : "it began longer ago than --resume-within allows"
    }

    /// Why the candidate cannot be gone on with after all; nil if it can.
    private static func reasonNotResumable(in record: RunRecord, _ findings: Findings) -> String? {
        findings.objection(to: record)
            ?? (findings.spoolSum == record.spoolSum ? nil : "its list of ids is damaged")
    }
}
