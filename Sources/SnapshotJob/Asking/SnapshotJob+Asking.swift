import Formats
import Journal
import Model
import RollCall
import Snapshots
import ViberAPI

/// How a run asks.
extension SnapshotJob {
    /// Asks for every id that has no answer yet; the record and the answers are kept as it goes on.
    func ask(
        _ client: ViberClient,
        for record: WorkRecord,
        answers: AnswerFile,
        settled: Int,
        until deadline: Time.Instant?
    ) async throws -> RollCall<Time>.Ending {
        defer { environment.progress.end() }
        let rollCall = RollCall(
            asking: requestStack(client, until: deadline), concurrency: settings.concurrency, settle: settings.settle,
            deadline: deadline, clock: clock, executor: client.executor(ofTask:)
        ) { [work = settings.output.work] ending in
            try answers.sync()
            try record.after(ending).write(in: work)
        } progress: { [show = environment.progress.show] progress in
            show(progress.pass, progress.settled, progress.unique, progress.requests)
        }
        let spoolPath = settings.output.work.run(record.run).spool
        return try await cancelled(at: deadline) {
            try await rollCall.run(spoolPath: spoolPath, answers: answers, settled: settled)
        }
    }

    /// Runs `body`, and cancels it if the time comes before it ends.
    func cancelled<Result: Sendable>(
        at deadline: Time.Instant?,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        guard let deadline else { return try await body() }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask { [clock, stop = environment.stop] in
                // Cancelled when the body ends first.
                guard (try? await clock.sleep(until: deadline, tolerance: nil)) != nil else { return nil }
                stop.note(.deadline)
                return nil
            }
            while let ended = try await group.next() {
                group.cancelAll()
                if let ended { return ended }
            }
            throw CancellationError()
        }
    }
}

extension WorkRecord {
    /// What is known of the run after some asking.
    func after(_ ending: RollCall<some Clock<Duration>>.Ending) -> WorkRecord {
        var record = self
        record.summary.run.passes += ending.passes
        record.summary.api += ending.api
        return record
    }
}

extension RollCall.Ending {
    /// What a person should look at, in sentences.
    var warnings: [String] {
        var sentences: [String] = []
        if let failure = lastFailure {
            sentences.append("\(failedBatches.of("batch")) brought no answers; the last: \(failure.description)")
        }
        if api.extraUsers > 0 {
            sentences.append(
                "the API answered for \(api.extraUsers.of("user")) nobody had asked for; left out")
        }
        if api.duplicateUsers > 0 {
            sentences.append("the API gave \(api.duplicateUsers.of("user")) more than once in one answer")
        }
        if unknownStatuses > 0 {
            sentences.append("the API gave \(unknownStatuses.of("user")) a status that nobody documented")
        }
        if api.statusMessageMismatches > 0 {
            sentences.append(
                "\(api.statusMessageMismatches.of("user")) had a status whose message says another; the number counts"
            )
        }
        return sentences
    }
}
