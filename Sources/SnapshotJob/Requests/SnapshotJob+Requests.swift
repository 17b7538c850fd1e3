import Formats
import Journal
import Model
import RollCall
import Snapshots
import ViberAPI

/// How a run asks.
extension SnapshotJob {
    /// Asks for every id that has no answer yet; the record and the answers are kept as it goes on.
    func runRollCall(
        _ client: ViberClient,
        for record: RunRecord,
        answers: AnswerFile,
        settled: Int,
        until deadline: Deadline<Time>
    ) async throws -> RollCallResult {
        defer { environment.progress.end() }
        environment.stop.note(host: settings.api.baseURL.host)
        let rollCall = RollCall(
            client: requestStack(client, account: record.summary.account?.id, answers: answers, until: deadline.time),
            concurrency: settings.concurrency,
            settle: settings.settle,
            deadline: deadline.time, clock: clock, executor: client.executor(ofTask:)
        ) { [work = settings.output.work] result in
            try answers.sync()
            try record.after(result).write(in: work)
        } progress: { [show = environment.progress.show, stop = environment.stop] progress in
            stop.noteSuccess()
            show(progress.pass, progress.settled, progress.unique, progress.requests)
        }
        let spoolPath = settings.output.work.run(record.run).spool
        return try await deadline.cancelling {
            try await rollCall.run(spoolPath: spoolPath, answers: answers, settled: settled)
        }
    }
}

extension RunRecord {
    /// What is known of the run after some asking.
    func after(_ result: RollCallResult) -> RunRecord {
        var record = self
        record.summary.run.passes += result.passes
        record.summary.api += result.api
        return record
    }
}

extension RollCallResult {
    /// What a person should look at, in sentences.
    var warnings: [String] {
        var sentences: [String] = []
        if let failure = lastFailure, failedBatches > 0 {
            sentences.append(
                "\(failedBatches.counted("batch")) failed at least in part; the last failure: \(failure.description)")
        } else if let failure = lastFailure, failedAlone > 0 {
            sentences.append(
                "\(failedAlone.counted("id")) failed even alone in a request; the last: \(failure.description)")
        }
        if api.extraUsers > 0 {
            sentences.append(
                "the API answered for \(api.extraUsers.counted("user")) nobody had asked for; left out")
        }
        if api.duplicateUsers > 0 {
            sentences.append("the API gave \(api.duplicateUsers.counted("user")) more than once in one answer")
        }
        if unknownStatuses > 0 {
            sentences.append("the API gave \(unknownStatuses.counted("user")) a status that nobody documented")
        }
        if api.statusMessageMismatches > 0 {
            sentences.append(
                "\(api.statusMessageMismatches.counted("user")) had a status whose message says another; the number counts"
            )
        }
        return sentences
    }
}
