package import Model

/// The result of a roll call, or of its passes so far.
package struct RollCallResult: Sendable {
    package var passes = 0
    package var api = RunSummary.APIUsage()
    /// Number of ids with a definite answer, or with proof that they get none.
    package var settled = 0
    /// The reason why the roll call ended before every pass was done.
    package var interruption: Interruption?
    /// Number of batches of which some ids were not answered, after all retries.
    package var failedBatches = 0
    /// Number of ids that failed alone in a request of the last pass.
    package var failedAlone = 0
    /// The last failure of either kind.
    package var lastFailure: RequestFailure?
    /// Number of users in replies whose status is an undocumented number.
    package var unknownStatuses = 0

    /// The reason why a roll call ended early.
    package enum Interruption: Sendable, Equatable {
        /// No further request can succeed.
        case request(RequestFailure)
        /// The deadline leaves no time for another pass.
        case outOfTime
        /// The task was cancelled.
        case cancelled
    }
}
