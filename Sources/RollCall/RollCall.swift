package import Model

/// One roll call: asks for every id of a spool, in passes, with a bounded number of requests at a time, and keeps each
/// answer as it comes.
package struct RollCall<Time: Clock<Duration>>: Sendable {
    private let asking: any Asking
    private let concurrency: Int
    private let settle: [Duration]
    private let clock: Time
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
        /// Why the run stopped early, if it did.
        package var stopped: RequestFailure?
        /// Batches that brought no answers, however often they were tried, and why the last of them did not.
        package var failedBatches = 0
        package var lastFailure: RequestFailure?
    }

    /// `concurrency`: the most requests in flight.
    /// `settle`: the wait before each later pass over the ids that have no definite answer.
    package init(
        asking: any Asking,
        concurrency: Int,
        settle: [Duration],
        clock: Time,
        progress: @escaping @Sendable (Progress) -> Void
    ) {
        self.asking = asking
        self.concurrency = max(concurrency, 1)
        self.settle = settle
        self.clock = clock
        self.progress = progress
    }

    /// Asks until every id has a definite answer, the passes are used up, or no request can succeed.
    /// - Throws: errors of the work files. What Viber refuses is recorded with the ids.
    package func run(spoolPath: String, answers: AnswerFile) async throws -> Ending {
        var ending = Ending()
        guard answers.count > 0 else { return ending }
        for wait in [.zero] + settle {
            if wait > .zero { try await clock.sleep(for: wait) }
            ending.passes += 1
            var batches = Batches(roll: try Roll(spoolPath: spoolPath, answers: answers))
            try await pass(&batches, answers: answers, ending: &ending)
            if ending.stopped != nil || ending.settled == answers.count { break }
        }
        return ending
    }

    /// What one child task brings back. Children never throw: an error would cancel its siblings' requests.
    private struct Asked: Sendable {
        var batch: Batches.Batch
        var result: Result<OnlineReply, RequestFailure>
    }

    /// One walk over the ids without a definite answer: a window of `concurrency` tasks, a new one for each that ends.
    private func pass(_ batches: inout Batches, answers: AnswerFile, ending: inout Ending) async throws {
        let asking = asking
        // Errors of the work files leave the group as a value, when all requests in flight have come back.
        var broken: (any Error)?
        await withTaskGroup(of: Asked.self) { group in
            var inFlight = 0
            do {
                while true {
                    while inFlight < concurrency, ending.stopped == nil, let batch = try batches.next() {
                        group.addTask {
                            do throws(RequestFailure) {
                                return Asked(batch: batch, result: .success(try await asking.ask(batch.ids)))
                            } catch {
                                return Asked(batch: batch, result: .failure(error))
                            }
                        }
                        inFlight += 1
                    }
                    guard let asked = await group.next() else { break }
                    inFlight -= 1
                    try record(asked, answers: answers, ending: &ending)
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

    private func record(_ asked: Asked, answers: AnswerFile, ending: inout Ending) throws {
        var batch = asked.batch
        let outcomes: [Outcome]
        let effort: RequestEffort
        var reply: OnlineReply?
        switch asked.result {
        case .success(let given):
            let joined = Joining(batch.ids, given)
            outcomes = joined.outcomes
            effort = given.effort
            reply = given
            ending.api.extraUsers += joined.extraUsers
            ending.api.duplicateUsers += joined.duplicateUsers
            ending.api.statusMessageMismatches += joined.messageMismatches
        case .failure(let failure):
            outcomes = [Outcome](repeating: .failed(failure.reason), count: batch.ids.count)
            effort = failure.effort
            ending.failedBatches += 1
            ending.lastFailure = failure
            if case .fatal = failure.handling, ending.stopped == nil { ending.stopped = failure }
        }
        ending.api.requests += effort.requests
        ending.api.retries += max(effort.requests - 1, 0)
        ending.api.throttled += effort.throttled
        guard effort.requests > 0 else { return }
        for (index, outcome) in outcomes.enumerated() {
            batch.entries[index].record(
                outcome, requests: reply?.attempts(at: index) ?? effort.requests,
                isFinal: reply?.failures[index]?.isFinal ?? false)
            if batch.entries[index].isSettled { ending.settled += 1 }
        }
        try answers.write(batch.indices.lazy.map { (batch.positions[$0], batch.ids[$0], batch.entries[$0]) })
    }
}
