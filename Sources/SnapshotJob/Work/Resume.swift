package import Journal
package import Model

/// The decision which unfinished run to resume, and the reasons for discarding the others: a pure function of their
/// records.
package struct Resume: Sendable, Equatable {
    /// The run to resume; nil to start a new one.
    package private(set) var run: RunID?
    /// All other unfinished runs, each with the reason for discarding it: first the candidate if it cannot be resumed,
    /// then the rest, oldest first.
    package private(set) var discarded: [Discarded] = []

    package struct Discarded: Sendable, Equatable {
        package var run: RunID
        package var reason: String
    }

    /// The settings of this run that the decision depends on.
    package struct Settings: Sendable {
        package var startedAt: Timestamp
        /// The source, its options, and the API: only a run with an equal key is resumed.
        package var key: String
        /// The greatest age, since its start, of a run to resume.
        package var within: Duration
        /// Whether no earlier run is resumed.
        package var startsFresh: Bool

        package init(startedAt: Timestamp, key: String, within: Duration, startsFresh: Bool) {
            self.startedAt = startedAt
            self.key = key
            self.within = within
            self.startsFresh = startsFresh
        }
    }

    /// What this run knows about the candidate before any id is sent.
    package struct Findings: Sendable {
        /// `id` of the account that the token is for; nil if unknown.
        package var account: String?
        /// Whether the candidate was started with the same token.
        package var isSameToken: Bool
        /// SHA-256 of the candidate's list of ids on the disk; nil if the list is gone.
        package var spoolSum: String?
        /// SHA-256 of the list that this run read, if its source is standard input, which no path identifies.
        package var newSpoolSum: String?

        package init(
            account: String? = nil, isSameToken: Bool = false, spoolSum: String? = nil, newSpoolSum: String? = nil
        ) {
            self.account = account
            self.isSameToken = isSameToken
            self.spoolSum = spoolSum
            self.newSpoolSum = newSpoolSum
        }

        /// Checks everything about the candidate but its own list of ids.
        ///
        /// - Parameter record: the record of the candidate.
        /// - Returns: the reason for not resuming it; nil if there is none.
        package func objection(to record: RunRecord) -> String? {
            if let sum = newSpoolSum, sum != record.spoolSum { return "standard input holds other ids now" }
            guard let account, let earlier = record.summary.account?.id else {
                return isSameToken ? nil : "it may have been for another account: the token is not the same"
            }
            guard !Account.isSame(account, as: earlier) else { return nil }
            return "it was for the account \(earlier), and the token is now for \(account)"
        }
    }

    /// Selects the newest run that has the same key and is not too old.
    ///
    /// - Parameters:
    ///   - records: all unfinished runs, oldest first.
    ///   - settings: the settings of this run.
    /// - Returns: the candidate for resuming; nil if there is none.
    package static func candidate(among records: [RunRecord], _ settings: Settings) -> RunRecord? {
        records.last { reason(against: $0, settings) == nil }
    }

    /// Decides which run to resume.
    ///
    /// - Parameters:
    ///   - records: all unfinished runs, oldest first.
    ///   - settings: the settings of this run.
    ///   - findings: what is known about `candidate(among:_:)`.
    package init(_ records: [RunRecord], _ settings: Settings, _ findings: Findings) {
        let candidate = Self.candidate(among: records, settings)
        let reasonNotResumable = candidate.flatMap { Self.reasonNotResumable($0, findings) }
        if reasonNotResumable == nil { run = candidate?.run }
        if let candidate, let reasonNotResumable {
            discarded.append(Discarded(run: candidate.run, reason: reasonNotResumable))
        }
        for record in records where record.run != candidate?.run {
            let reason = Self.reason(against: record, settings) ?? "there is a newer one"
            discarded.append(Discarded(run: record.run, reason: reason))
        }
    }

    /// - Returns: the reason a run is not a candidate; nil if it is one.
    private static func reason(against record: RunRecord, _ settings: Settings) -> String? {
        if settings.startsFresh { return "--fresh was given" }
        if record.key != settings.key { return "it was for another source, other options for it, or another API" }
        let age = Duration.milliseconds(settings.startedAt.milliseconds(since: record.summary.run.startedAt))
        return age <= settings.within ? nil : "it started longer ago than --resume-within allows"
    }

    /// - Returns: the reason the candidate cannot be resumed; nil if it can.
    private static func reasonNotResumable(_ record: RunRecord, _ findings: Findings) -> String? {
        findings.objection(to: record)
            ?? (findings.spoolSum == record.spoolSum ? nil : "its list of ids is damaged")
    }
}
