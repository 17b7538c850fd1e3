import Files
package import Model

/// One roll call: asks for every id of a spool, in passes, with a bounded number of requests at a time, and keeps each
/// answer as it comes.
package struct RollCall<Time: Clock<Duration>>: Sendable {
    private let asking: any Asking
    private let concurrency: Int
    private let settle: [Duration]
    private let deadline: Time.Instant?
    private let clock: Time
    private let checkpoint: @Sendable (Ending) throws -> Void
    private let progress: @Sendable (Progress) -> Void

    /// How far a run is.
    package struct Progress: Sendable, Equatable {
        /// From 1.
        package var pass: Int
        /// Ids with a definite answer, or proven to get none.
        package var settled: Int
        package var unique: Int
        package var requests: Int
    }

    /// How asking ended.
    package struct Ending: Sendable {
        package var passes = 0
        package var api = RunSummary.APIUse()
        /// Ids with a definite answer, or proven to get none.
        package var settled = 0
        /// Why no further request can succeed, if the run stopped for that.
        package var stopped: RequestFailure?
        /// Whether the run stopped early because the task was cancelled, or there was no time for another pass.
        package var isCutShort = false
        /// Batches that brought no answers, however often they were tried, and why the last of them did not.
        package var failedBatches = 0
        package var lastFailure: RequestFailure?
        /// Users in answers whose status is a number that nobody documented.
        package var unknownStatuses = 0
    }

    /// `concurrency`: the most requests in flight.
    /// `settle`: the wait before each later pass over the ids that have no definite answer.
    /// `deadline`: no pass begins after it; whoever set it cancels the task when it comes.
    /// `checkpoint`: called every two seconds on a thread of its own, to make durable what there is so far.
    package init(
        asking: any Asking,
        concurrency: Int,
        settle: [Duration],
        deadline: Time.Instant? = nil,
        clock: Time,
        checkpoint: @escaping @Sendable (Ending) throws -> Void = { _ in },
        progress: @escaping @Sendable (Progress) -> Void
    ) {
        self.asking = asking
        self.concurrency = max(concurrency, 1)
        self.settle = settle
        self.deadline = deadline
        self.clock = clock
        self.checkpoint = checkpoint
        self.progress = progress
    }

    /// Asks until every id has a definite answer, the passes are used up, no request can succeed, or the task is cancelled.
    /// `settled`: ids that need no question, if the run was begun before.
    /// Throws errors of the work files. What Viber refuses is recorded with the ids.
    package func run(spoolPath: String, answers: AnswerFile, settled: Int = 0) async throws -> Ending {
        var ending = Ending()
        ending.settled = settled
        guard settled < answers.count else { return ending }
        for wait in [.zero] + settle {
            guard await isTime(after: wait) else {
                ending.isCutShort = true
                break
            }
            ending.passes += 1
            var batches = Batches(roll: try Roll(spoolPath: spoolPath, answers: answers))
            try await pass(&batches, answers: answers, ending: &ending)
            if ending.stopped != nil || ending.settled == answers.count { return ending }
        }
        if Task.isCancelled { ending.isCutShort = true }
        return ending
    }

    /// Waits before a pass.
    ///
    /// Returns false if there is no time for it.
    private func isTime(after wait: Duration) async -> Bool {
        if let deadline, clock.now.advanced(by: wait) >= deadline { return false }
        if wait > .zero { try? await clock.sleep(for: wait) }
        return !Task.isCancelled
    }

    /// One walk over the ids without a definite answer: a window of `concurrency` tasks, a new one for each that ends.
    ///
    /// The tasks never throw: an error would cancel the requests of the others.
    private func pass(_ batches: inout Batches, answers: AnswerFile, ending: inout Ending) async throws {
        let inquiry = Inquiry(asking: asking)
        // Errors of the work files leave the group as a value, when all requests in flight have come back.
        var broken: (any Error)?
        var answersForOthers = 0
        var kept = clock.now
        await withTaskGroup(of: Inquiry.Result.self) { group in
            var inFlight = 0
            do {
                while true {
                    while inFlight < concurrency, ending.stopped == nil, !Task.isCancelled,
                        let batch = try batches.next()
                    {
                        group.addTask { await inquiry.ask(batch) }
                        inFlight += 1
                    }
                    guard let result = await group.next() else { break }
                    inFlight -= 1
                    try answers.write(result.batch)
                    ending.add(result)
                    if kept.duration(to: clock.now) >= Self.checkpointInterval {
                        try await onBlockingThread { [checkpoint, ending] in try checkpoint(ending) }
                        kept = clock.now
                    }
                    for isForOthers in result.answersForOthers {
                        answersForOthers = isForOthers ? answersForOthers + 1 : 0
                        if answersForOthers > Self.mixUpLimit { ending.stop(.answersForOthers) }
                    }
                    progress(
                        Progress(
                            pass: ending.passes, settled: ending.settled, unique: answers.count,
                            requests: ending.api.requests))
                }
            } catch {
                broken = error
                group.cancelAll()
            }
        }
        if let broken { throw broken }
    }

    /// What a power cut may cost: the answers of so long.
    private static var checkpointInterval: Duration { .seconds(2) }

    /// Answers in a row that are wholly for other ids, before it is plain that something mixes them up.
    private static var mixUpLimit: Int { 3 }
}

extension RollCall.Ending {
    fileprivate mutating func add(_ result: Inquiry.Result) {
        api += result.use
        unknownStatuses += result.unknownStatuses
        settled += result.batch.entries.count { $0.isSettled }
        guard let failure = result.failure else { return }
        if case .fatal = failure.handling { return stop(failure) }
        guard failure.effort.requests > 0 else { return }
        failedBatches += 1
        lastFailure = failure
    }

    /// The first reason stands.
    fileprivate mutating func stop(_ failure: RequestFailure) { stopped = stopped ?? failure }
}

extension RequestFailure {
    fileprivate static let answersForOthers = RequestFailure(
        reason: .protocolError, handling: .fatal(.nonsense),
        description: "the API answers for other ids than it was asked for, again and again; is a cache in between?")
}
