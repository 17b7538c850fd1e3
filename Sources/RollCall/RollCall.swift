import Files
package import Journal
package import Model

/// One roll call: queries every id of a spool, in passes, with a bounded number of requests in flight, and stores each
/// answer when it arrives.
package struct RollCall<Time: Clock<Duration>>: Sendable {
    private let client: any OnlineStatusClient
    private let concurrency: Int
    private let settle: [Duration]
    private let deadline: Time.Instant?
    private let clock: Time
    private let executor: @Sendable (_ task: Int) -> (any TaskExecutor)?
    private let checkpoint: @Sendable (RollCallResult) throws -> Void
    private let progress: @Sendable (Progress) -> Void

    /// The progress of a run.
    package struct Progress: Sendable, Equatable {
        /// Number of the pass, from 1.
        package var pass: Int
        /// Number of ids with a definite answer, or with proof that they get none.
        package var settled: Int
        /// Number of different ids.
        package var unique: Int
        package var requests: Int
    }

    /// Creates a roll call.
    ///
    /// - Parameters:
    ///   - client: sends the requests.
    ///   - concurrency: maximum number of requests in flight.
    ///   - settle: the wait before each later pass over the ids that have no definite answer.
    ///   - deadline: no pass starts after it. The caller cancels the task when it passes.
    ///   - clock: measures waits and the time between checkpoints.
    ///   - executor: where a task that sends requests runs; tasks are numbered from 0.
    ///   - checkpoint: called every two seconds on a separate thread, to make the answers so far durable.
    ///   - progress: called after each batch.
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

    /// Sends requests until every id has a definite answer, the passes are used up, no request can succeed, or the task
    /// is cancelled.
    ///
    /// - Parameters:
    ///   - spoolPath: the file that holds the ids.
    ///   - answers: the file that stores the answers.
    ///   - settled: number of ids that are settled already, if the run is resumed.
    /// - Returns: the result of the roll call.
    /// - Throws: errors of the work files. A request that Viber refuses is recorded with its ids instead.
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
    /// - Returns: false if the deadline leaves no time for the pass, or the task was cancelled.
    private func waitBeforePass(_ wait: Duration) async -> Bool {
        if let deadline, clock.now.advanced(by: wait) >= deadline { return false }
        if wait > .zero { try? await clock.sleep(for: wait) }
        return !Task.isCancelled
    }

    /// Runs a pass in `concurrency` tasks. They never throw, since an error would cancel the requests of the others.
    ///
    /// The pass holds an error of a work file, which cancels the requests in flight.
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

    /// Queries a batch, then the next ones until none is left.
    private func runBatches(from first: Batches.Batch, of pass: Pass<Time>) async {
        let query = BatchQuery(client: client)
        var next: Batches.Batch? = first
        while let batch = next {
            let update = pass.store(await query.run(batch))
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
