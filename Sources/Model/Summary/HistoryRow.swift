/// One run as a row of the history, which is kept after its snapshot is deleted.
package struct HistoryRow: Sendable, Equatable {
    package var run: RunID
    package var startedAt: Timestamp
    package var finishedAt: Timestamp
    /// Whether every id has a definite answer.
    package var complete: Bool
    /// The source's name.
    package var source: String
    package var unique: Int
    package var online: Int
    package var offline: Int
    package var undisclosed: Int
    package var tryLater: Int
    package var unavailable: Int
    /// All ids without a definite answer, including `tryLater`.
    package var unresolved: Int
    /// Viber's own count of subscribers; nil if it sent none.
    package var subscribersCount: Int?
    /// Empty if the account was not known.
    package var accountID: String
    package var accountName: String

    package init(
        run: RunID,
        startedAt: Timestamp,
        finishedAt: Timestamp,
        complete: Bool,
        source: String,
        unique: Int,
        online: Int,
        offline: Int,
        undisclosed: Int,
        tryLater: Int,
        unavailable: Int,
        unresolved: Int,
        subscribersCount: Int?,
        accountID: String,
        accountName: String
    ) {
        self.run = run
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.complete = complete
        self.source = source
        self.unique = unique
        self.online = online
        self.offline = offline
        self.undisclosed = undisclosed
        self.tryLater = tryLater
        self.unavailable = unavailable
        self.unresolved = unresolved
        self.subscribersCount = subscribersCount
        self.accountID = accountID
        self.accountName = accountName
    }

    package init(_ summary: RunSummary) {
        run = summary.run.id
        startedAt = summary.run.startedAt
        finishedAt = summary.run.finishedAt
        complete = summary.run.complete
        source = summary.source.name
        unique = summary.source.unique
        online = summary.counts.online
        offline = summary.counts.offline
        undisclosed = summary.counts.undisclosed
        tryLater = summary.counts.tryLater
        unavailable = summary.counts.unavailable
        unresolved = summary.counts.unresolved
        subscribersCount = summary.account?.subscribersCount
        accountID = summary.account?.id ?? ""
        accountName = summary.account?.name ?? ""
    }
}
