import Formats
import Journal
import Logging
import Model
import RollCall
import ViberAPI

/// How a run asks: what stands between the roll call and the wire.
extension Run {
    /// The stack of what is done about a request, from what it becomes on its way to what is sent.
    private func asking(_ client: ViberClient, until deadline: Time.Instant?) -> some Asking {
        let (clock, random, log) = (clock, surroundings.random, surroundings.log)
        // What a server may ask to wait has to end before the run does.
        let policy: @Sendable () -> RetryPolicy = {
            RetryPolicy(patience: deadline.map { clock.now.duration(to: $0) })
        }
        let drained = Draining(client, grace: .seconds(10), clock: clock, executor: { client.currentExecutor })
        let screened = Screening(drained)
        let confirmed = Confirming(screened, clock: clock) { await client.isTokenRefused() }
        let paced = Pacing(
            confirmed, rate: settings.rate, concurrency: settings.concurrency, policy: RetryPolicy(), clock: clock,
            random: random)
        let retried = Retrying(
            paced,
            loop: RetryLoop(
                clock: clock,
                decide: { policy().verdict(on: $0, after: $1, random: random()) },
                willRetry: { failure, tries in
                    paced.noteRetry(of: failure)
                    log.debug(
                        "request failed",
                        metadata: ["times": "\(tries.total)", "why": "\(SafeText(failure.description))"])
                }))
        return Bisecting(retried)
    }

    func ask(
        _ client: ViberClient,
        for record: WorkRecord,
        answers: AnswerFile,
        settled: Int,
        until deadline: Time.Instant?
    ) async throws -> RollCall<Time>.Ending {
        let line = ProgressLine(settings.speech)
        defer { line.clear() }
        let rollCall = RollCall(
            asking: asking(client, until: deadline), concurrency: settings.concurrency, settle: settings.settle,
            deadline: deadline, clock: clock, executor: client.executor(ofTask:)
        ) { [work = settings.output.work] ending in
            try answers.sync()
            try record.after(ending).write(in: work)
        } progress: { progress in
            line.show(
                pass: progress.pass, settled: progress.settled, of: progress.unique, requests: progress.requests)
        }
        let spoolPath = settings.output.work.run(record.run).spool
        var ending = try await cancelled(at: deadline) {
            try await rollCall.run(spoolPath: spoolPath, answers: answers, settled: settled)
        }
        if ending.isCutShort {
            ending.stopped = ending.stopped ?? surroundings.stopSignal().map(RequestFailure.stopped(by:)) ?? .late
        }
        return ending
    }

    /// Runs `body`, and cancels it if the time comes before it ends.
    func cancelled<Result: Sendable>(
        at deadline: Time.Instant?,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        guard let deadline else { return try await body() }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask { [clock] in
                try? await clock.sleep(until: deadline, tolerance: nil)
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

extension RequestFailure {
    static let late = RequestFailure(
        reason: .timeout, handling: .fatal(.temporary), description: "the time that --deadline gives is up")

    fileprivate static func stopped(by signal: Int32) -> RequestFailure {
        RequestFailure(reason: .connection, handling: .fatal(.signal(signal)), description: "a signal asked for it")
    }
}

/// The client asks as a roll call wants it.
extension ViberClient: Asking {
    func ask(_ batch: IDBatch) async throws(RequestFailure) -> OnlineReply { try await online(batch) }

    /// Whether the account is refused, too; no answer is no refusal.
    fileprivate func isTokenRefused() async -> Bool {
        do throws(RequestFailure) {
            _ = try await accountInfo()
            return false
        } catch {
            return error.handling == .fatal(.accessDenied)
        }
    }
}
