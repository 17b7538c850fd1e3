import Model

/// The result of querying one batch.
struct BatchOutcome: Sendable {
    /// Its entries hold the state of each id after the query.
    var batch: Batches.Batch
    /// Requests, retries, and irregularities of the replies.
    var usage = RunSummary.APIUsage()
    /// The failure of the batch, or the failure that ends the run.
    var failure: RequestFailure?
    /// Number of users whose status is an undocumented number.
    var unknownStatuses = 0
    /// For each reply, whether all its users have ids that were not requested.
    var mismatchedReplies: [Bool] = []
}
