import Journal
import Model
import Synchronization

/// One pass over the ids without a definite answer, shared by the tasks that send requests.
///
/// Each task takes a batch, queries it, stores the outcome and takes the next, so that an answer stays on the thread
/// that received it.
final class Pass<Time: Clock<Duration>>: Sendable {
    private let answers: AnswerFile
    private let clock: Time
    private let state: Mutex<State>

    fileprivate struct State {
        var batches: Batches
        var result: RollCallResult
        /// Consecutive replies in which no user was requested.
        var mismatchedReplies = 0
        /// An error of the work files.
        var storageError: (any Error)?
        /// When the last checkpoint started; before the first, when the pass started.
        var lastCheckpoint: Time.Instant
        var isCheckpointing = false
    }

    /// Creates a pass.
    ///
    /// - Parameters:
    ///   - batches: the batches to query.
    ///   - answers: the file that stores the answers.
    ///   - result: the result of the earlier passes.
    ///   - clock: measures the time between checkpoints.
    init(_ batches: sending Batches, answers: AnswerFile, result: RollCallResult, clock: Time) {
        self.answers = answers
        self.clock = clock
        state = Mutex(State(batches: batches, result: result, lastCheckpoint: clock.now))
    }

    /// Whether a work file cannot be read or written, so that no more answers can be stored.
    var hasStorageError: Bool { state.withLock { $0.storageError != nil } }

    /// Returns the result of this pass and the earlier ones.
    ///
    /// - Returns: the result so far.
    /// - Throws: the first error of a work file, if there was one.
    func result() throws -> RollCallResult {
        try state.withLock { state in
            if let storageError = state.storageError { throw storageError }
            try answers.writeUsage()
            return state.result
        }
    }

    /// Returns the next batch to query.
    ///
    /// - Returns: nil if no batch is left, or the pass has to end.
    func next() -> Batches.Batch? {
        state.withLock { state in
            guard state.result.interruption == nil, state.storageError == nil, !Task.isCancelled else { return nil }
            do {
                return try state.batches.next()
            } catch {
                state.storageError = error
                return nil
            }
        }
    }

    /// The state of the pass after a batch was stored.
    struct PassUpdate {
        var progress: RollCall<Time>.Progress
        /// The result to make durable, if a checkpoint is due.
        var checkpoint: RollCallResult?
    }

    /// Stores the outcome of a batch.
    func store(_ outcome: BatchOutcome) -> PassUpdate {
        let written = Result {
            try answers.write(outcome.batch.entries, of: outcome.batch.ids, at: outcome.batch.positions)
        }
        return state.withLock { state in
            switch written {
            case .success:
                state.add(outcome)
                answers.setUsage(passes: state.result.passes, state.result.api)
            case .failure(let error): state.fail(error)
            }
            return PassUpdate(
                progress: RollCall.Progress(
                    pass: state.result.passes, settled: state.result.settled, unique: answers.count,
                    requests: state.result.api.requests),
                checkpoint: state.startDueCheckpoint(at: clock.now))
        }
    }

    /// Ends a checkpoint, and records its error if it failed.
    func finishCheckpoint(_ result: Result<Void, any Error>) {
        state.withLock { state in
            if case .failure(let error) = result { state.fail(error) }
            state.isCheckpointing = false
        }
    }
}

extension Pass.State {
    /// A power cut loses at most the answers of this interval and of one checkpoint. The interval restarts with each
    /// pass.
    private static var checkpointInterval: Duration { .seconds(2) }

    /// Consecutive mismatched replies that a run tolerates. More of them mean that something, such as a cache, mixes up
    /// replies.
    private static var mismatchLimit: Int { 3 }

    fileprivate mutating func add(_ outcome: BatchOutcome) {
        result.add(outcome)
        for isMismatched in outcome.mismatchedReplies {
            mismatchedReplies = isMismatched ? mismatchedReplies + 1 : 0
            if mismatchedReplies > Self.mismatchLimit { result.stop(.mismatchedReplies) }
        }
    }

    /// Records an error; the first one is kept.
    fileprivate mutating func fail(_ error: any Error) { storageError = storageError ?? error }

    /// Starts a checkpoint if one is due and none is running.
    fileprivate mutating func startDueCheckpoint(at now: Time.Instant) -> RollCallResult? {
        guard storageError == nil, !isCheckpointing, lastCheckpoint.duration(to: now) >= Self.checkpointInterval else {
            return nil
        }
        isCheckpointing = true
        lastCheckpoint = now
        return result
    }
}

extension RollCallResult {
    fileprivate mutating func add(_ outcome: BatchOutcome) {
        api += outcome.usage
        unknownStatuses += outcome.unknownStatuses
        settled += outcome.batch.entries.count { $0.isSettled }
        guard let failure = outcome.failure else { return }
        if case .fatal = failure.failureClass { return stop(failure) }
        guard failure.requestCounts.requests > 0 else { return }
        let alone = outcome.batch.entries.count { $0.failedAlone }
        failedAlone += alone
        if alone == 0 { failedBatches += 1 }
        lastFailure = failure
    }

    /// Records why the run ends; the first reason is kept.
    fileprivate mutating func stop(_ failure: RequestFailure) { interruption = interruption ?? .request(failure) }
}

extension RequestFailure {
    fileprivate static let mismatchedReplies = RequestFailure(
        reason: .protocolError, failureClass: .fatal(.protocolViolation),
        description: "the API repeatedly returned users that were not requested; is a cache in between?")
}
