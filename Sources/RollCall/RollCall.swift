import Files
package import Journal
package import Model

/// One roll call: asks for every id of a spool, in passes, with a bounded number of requests at a time, and keeps each
/// answer as it comes.
package struct RollCall<Time: Clock<Duration>>: Sendable {
    private let client: any OnlineStatusClient
    private let concurrency: Int
    private let settle: [Duration]
    private let deadline: Time.Instant?
    private let clock: Time
    private let executor: @Sendable (_ task: Int) -> (any TaskExecutor)?
    private let checkpoint: @Sendable (RollCallResult) throws -> Void
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

    /// `concurrency`: the most requests in flight.
    /// `settle`: the wait before each later pass over the ids that have no definite answer.
    /// `deadline`: no pass begins after it; whoever set it cancels the task when it comes.
    /// `executor`: where a task that asks runs; they are numbered from 0.
    /// `checkpoint`: called every two seconds on a thread of its own, to make durable what there is so far.
    package init(
        client: any OnlineStatusClient,
        concurrency: Int,
        settle: [Duration],
        deadline: Time.Instant? = nil,
        clock: Time,
        executor: @escaping @Sendable (_ task: Int) -> (any TaskExecutor)? = { _ in nil },
        checkpoint: @escaping @Sendable (RollCallResult) throws -> Void = { _ in },
        progress: @escaping @Sendable (Progress) -> Void
    ) {
        self.client = client
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
    package func run(spoolPath: String, answers: AnswerFile, settled: Int = 0) async throws -> RollCallResult {
        var result = RollCallResult()
        result.settled = settled
        guard settled < answers.count else { return result }
        for wait in [.zero] + settle {
            guard await waitBeforePass(wait) else {
                result.interruption = Task.isCancelled ? .cancelled : .outOfTime
                return result
            }
            result.passes += 1
            result.failedAlone = 0
            let batches = Batches(cursor: try SpoolCursor(spoolPath: spoolPath, answers: answers))
            let pass = Pass(batches, answers: answers, result: result, clock: clock)
            await run(pass)
            result = try pass.result()
            if result.interruption != nil || result.settled == answers.count { return result }
        }
        if Task.isCancelled { result.interruption = .cancelled }
        return result
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
    private func run(_ pass: Pass<Time>) async {
        await withTaskGroup(of: Void.self) { group in
            var tasks = 0
            while tasks < concurrency, let batch = pass.next() {
                group.addTask(executorPreference: executor(tasks)) { await runBatches(from: batch, of: pass) }
                tasks += 1
            }
            repeat {
                if pass.hasStorageError { group.cancelAll() }
            } while await group.next() != nil
        }
    }

    /// Asks for a batch, and for those behind it until none is left.
    private func runBatches(from first: Batches.Batch, of pass: Pass<Time>) async {
        let query = BatchQuery(client: client)
        var next: Batches.Batch? = first
        while let batch = next {
            let update = pass.keep(await query.run(batch))
            progress(update.progress)
            if let result = update.checkpoint { await self.checkpoint(result, of: pass) }
            next = pass.next()
        }
    }

    private func checkpoint(_ result: RollCallResult, of pass: Pass<Time>) async {
        do {
            try await onBlockingThread { [checkpoint] in try checkpoint(result) }
            pass.finishCheckpoint(.success(()))
        } catch {
            pass.finishCheckpoint(.failure(error))
        }
    }
}
