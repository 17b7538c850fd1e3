import Journal
import Model
import Synchronization

/// One walk over the ids without a definite answer, shared by the tasks that ask: each takes a batch, asks, keeps what
/// came, and takes the next, so that an answer stays on the thread it came to.
final class Pass<Time: Clock<Duration>>: Sendable {
    private let answers: AnswerFile
    private let clock: Time
    private let state: Mutex<State>

    fileprivate struct State {
        var batches: Batches
        var result: RollCallResult
        /// Answers in a row that were wholly for other ids.
        var mismatchedReplies = 0
        /// An error of the work files.
        var storageError: (any Error)?
        /// When the last one began; at first, when the pass did.
        var lastCheckpoint: Time.Instant
        var isCheckpointing = false
    }

    /// `result`: what is known from earlier passes.
    init(_ batches: sending Batches, answers: AnswerFile, result: RollCallResult, clock: Time) {
        self.answers = answers
        self.clock = clock
        state = Mutex(State(batches: batches, result: result, lastCheckpoint: clock.now))
    }

    /// Whether a work file cannot be read or written, so that nothing more can be kept.
    var hasStorageError: Bool { state.withLock { $0.storageError != nil } }

    /// - Throws: the error of a work file, if there was one.
    func result() throws -> RollCallResult {
        try state.withLock { state in
            if let storageError = state.storageError { throw storageError }
            try answers.writeUsage()
            return state.result
        }
    }

    /// - Returns: nil when every id was passed, or no more is to be asked.
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

    /// How asking stands when a batch was kept.
    struct PassUpdate {
        var progress: RollCall<Time>.Progress
        /// What is to be made durable, if it is time for it.
        var checkpoint: RollCallResult?
    }

    /// Keeps what a batch brought.
    func keep(_ outcome: BatchOutcome) -> PassUpdate {
        let kept = Result {
            try answers.write(outcome.batch.entries, of: outcome.batch.ids, at: outcome.batch.positions)
        }
        return state.withLock { state in
            switch kept {
            case .success:
                state.add(outcome)
                answers.setUsage(passes: state.result.passes, state.result.api)
            case .failure(let error): state.fail(error)
            }
            return PassUpdate(
                progress: RollCall.Progress(
                    pass: state.result.passes, settled: state.result.settled, unique: answers.count,
                    requests: state.result.api.requests),
                checkpoint: state.dueCheckpoint(at: clock.now))
        }
    }

    /// Ends a checkpoint, which came to `result`.
    func finishCheckpoint(_ result: Result<Void, any Error>) {
        state.withLock { state in
            if case .failure(let error) = result { state.fail(error) }
            state.isCheckpointing = false
        }
    }
}

extension Pass.State {
    /// What a power cut may cost: the answers of so long, and of as long as a checkpoint takes. Each pass begins anew.
    private static var checkpointInterval: Duration { .seconds(2) }

    /// Answers in a row that are wholly for other ids, before it is plain that something mixes them up.
    private static var mismatchLimit: Int { 3 }

    fileprivate mutating func add(_ outcome: BatchOutcome) {
        result.add(outcome)
        for isMismatched in outcome.mismatchedReplies {
            mismatchedReplies = isMismatched ? mismatchedReplies + 1 : 0
            if mismatchedReplies > Self.mismatchLimit { result.stop(.mismatchedReplies) }
        }
    }

    /// The first error stands.
    fileprivate mutating func fail(_ error: any Error) { storageError = storageError ?? error }

    /// Begins a checkpoint if it is time for it; one at a time.
    fileprivate mutating func dueCheckpoint(at now: Time.Instant) -> RollCallResult? {
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

    /// The first reason stands.
    fileprivate mutating func stop(_ failure: RequestFailure) { interruption = interruption ?? .request(failure) }
}

extension RequestFailure {
    fileprivate static let mismatchedReplies = RequestFailure(
        reason: .protocolError, failureClass: .fatal(.protocolViolation),
        description: "the API answers for other ids than it was asked for, again and again; is a cache in between?")
}
