import Formats
import Journal
import Model
import RollCall
import Snapshots
import ViberAPI

extension SnapshotJob {
    /// Requests every id that has no answer yet. Checkpoints save the answers and the record on the way.
    ///
    /// - Parameters:
    ///   - client: sends the requests.
    ///   - record: the state of the run before these requests.
    ///   - answers: receives the answers.
    ///   - settled: number of ids that need no request.
    ///   - deadline: the time by which the run has to end.
    /// - Returns: what the roll call did, and what interrupted it.
    /// - Throws: `FileError` if the ids cannot be read, or the answers or the record cannot be saved.
    func runRollCall(
        _ client: ViberClient,
        for record: RunRecord,
        answers: AnswerFile,
        settled: Int,
        until deadline: Deadline<Time>
    ) async throws -> RollCallResult {
        defer { environment.progress.end() }
        environment.stop.record(host: settings.api.baseURL.host)
        let rollCall = RollCall(
            client: requestStack(client, account: record.summary.account?.id, answers: answers, until: deadline.time),
            concurrency: settings.concurrency,
            settle: settings.settle,
            deadline: deadline.time, clock: clock, executor: client.executor(ofTask:)
        ) { [work = settings.output.work] result in
            try answers.sync()
            try record.after(result).write(in: work)
        } progress: { [show = environment.progress.show, stop = environment.stop] progress in
            stop.recordSuccess()
            show(progress.pass, progress.settled, progress.unique, progress.requests)
        }
        let spoolPath = settings.output.work.run(record.run).spool
        return try await deadline.cancelling {
            try await rollCall.run(spoolPath: spoolPath, answers: answers, settled: settled)
        }
    }
}

extension RunRecord {
    /// The record with the passes and requests of a result added.
    func after(_ result: RollCallResult) -> RunRecord {
        var record = self
        record.summary.run.passes += result.passes
        record.summary.api += result.api
        return record
    }
}

extension RollCallResult {
    /// Sentences for the user about what was unusual in the API's answers.
    var warnings: [String] {
        var sentences: [String] = []
        if let failure = lastFailure, failedBatches > 0 {
            sentences.append(
                "\(failedBatches.counted("batch")) failed at least in part; the last failure: \(failure.description)")
        } else if let failure = lastFailure, failedAlone > 0 {
            sentences.append(
                "\(failedAlone.counted("id")) failed even alone in a request; the last failure: \(failure.description)")
        }
        if api.extraUsers > 0 {
            sentences.append(
                "the API returned \(api.extraUsers.counted("user")) not in the request; ignored")
        }
        if api.duplicateUsers > 0 {
            sentences.append("the API returned \(api.duplicateUsers.counted("user")) more than once in one answer")
        }
        if unknownStatuses > 0 {
            sentences.append("the API returned \(unknownStatuses.counted("user")) with an undocumented status")
        }
        if api.statusMessageMismatches > 0 {
            sentences.append(
                "\(api.statusMessageMismatches.counted("user")) had a status whose number and message disagree; the number counts"
            )
        }
        return sentences
    }
}
