import Files
package import Journal
package import Model

/// One roll call: asks for every id of a spool, in passes, with a bounded number of requests at a time, and keeps each
/// answer as it comes.
package struct RollCall<Time: Clock<Duration>>: Sendable {
    private let asking: any OnlineStatusClient
    private let concurrency: Int
    private let settle: [Duration]
    private let deadline: Time.Instant?
    private let clock: Time
    private let executor: @Sendable (_ task: Int) -> (any TaskExecutor)?
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
        package var api = RunSummary.APIUsage()
        /// Ids with a definite answer, or proven to get none.
        package var settled = 0
        /// What ended asking before every id had its turn.
        package var interruption: Interruption?
        /// Batches of which some ids were not answered, however often they were requested.
        package var failedBatches = 0
        /// Ids that failed alone in the last pass.
        package var failedAlone = 0
        /// Why the last of either failed.
        package var lastFailure: RequestFailure?
        /// Users in answers whose status is a number that nobody documented.
        package var unknownStatuses = 0
    }

    /// What ended asking early.
    package enum Interruption: Sendable, Equatable {
        /// No further request can succeed.
        case request(RequestFailure)
        /// There was no time for another pass.
        case outOfTime
        /// The task was cancelled.
        case cancelled
    }

    /// `concurrency`: the most requests in flight.
    /// `settle`: the wait before each later pass over the ids that have no definite answer.
    /// `deadline`: no pass begins after it; whoever set it cancels the task when it comes.
    /// `executor`: where a task that asks runs; they are numbered from 0.
    /// `checkpoint`: called every two seconds on a thread of its own, to make durable what there is so far.
    package init(
        asking: any OnlineStatusClient,
        concurrency: Int,
        settle: [Duration],
        deadline: Time.Instant? = nil,
        clock: Time,
        executor: @escaping @Sendable (_ task: Int) -> (any TaskExecutor)? = { _ in nil },
        checkpoint: @escaping @Sendable (Ending) throws -> Void = { _ in },
        progress: @escaping @Sendable (Progress) -> Void
    ) {
        self.asking = asking
        self.concurrency = max(concurrency, 1)
        self.settle = settle
        self.deadline = deadline
        self.clock = clock
        self.executor = executor
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
            guard await waitBeforePass(wait) else {
                ending.interruption = Task.isCancelled ? .cancelled : .outOfTime
                return ending
            }
            ending.passes += 1
            ending.failedAlone = 0
            let batches = Batches(cursor: try SpoolCursor(spoolPath: spoolPath, answers: answers))
            let pass = Pass(batches, answers: answers, ending: ending, clock: clock)
            await ask(pass)
            ending = try pass.result()
            if ending.interruption != nil || ending.settled == answers.count { return ending }
        }
        if Task.isCancelled { ending.interruption = .cancelled }
        return ending
    }

    /// Waits before a pass.
    ///
    /// Returns false if there is no time for it.
    private func waitBeforePass(_ wait: Duration) async -> Bool {
        if let deadline, clock.now.advanced(by: wait) >= deadline { return false }
        if wait > .zero { try? await clock.sleep(for: wait) }
        return !Task.isCancelled
    }

    /// Asks by a window of `concurrency` tasks, which never throw: an error would cancel the requests of the others.
    ///
    /// An error of a work file stands in the pass; it cancels the requests in flight.
    private func ask(_ pass: Pass<Time>) async {
        await withTaskGroup(of: Void.self) { group in
            var tasks = 0
            while tasks < concurrency, let batch = pass.next() {
                group.addTask(executorPreference: executor(tasks)) { await ask(from: batch, of: pass) }
                tasks += 1
            }
            repeat {
                if pass.hasStorageError { group.cancelAll() }
            } while await group.next() != nil
        }
    }

    /// Asks for a batch, and for those behind it until none is left.
    private func ask(from first: Batches.Batch, of pass: Pass<Time>) async {
        let inquiry = BatchQuery(asking: asking)
        var next: Batches.Batch? = first
        while let batch = next {
            let standing = pass.keep(await inquiry.ask(batch))
            progress(standing.progress)
            if let ending = standing.checkpoint { await self.checkpoint(ending, of: pass) }
            next = pass.next()
        }
    }

    private func checkpoint(_ ending: Ending, of pass: Pass<Time>) async {
        do {
            try await onBlockingThread { [checkpoint] in try checkpoint(ending) }
            pass.finishCheckpoint(.success(()))
        } catch {
            pass.finishCheckpoint(.failure(error))
        }
    }
}
