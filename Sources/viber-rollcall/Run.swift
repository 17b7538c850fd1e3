import Files
import Logging
import Model
import RollCall
import Snapshots
import Subscribers
import ViberAPI

/// One run, composed: source → spool → ask → settle → publish.
struct Run: Sendable {
    let settings: Settings
    let surroundings: Surroundings

    private let clock = ContinuousClock()

    init(settings: Settings, surroundings: Surroundings) {
        self.settings = settings
        self.surroundings = surroundings
    }

    /// How a run ended that published a snapshot.
    struct Ended: Sendable {
        var published: Published
        var status: ExitStatus
        /// A sentence for whoever has to look, if the run is not complete.
        var why: String?
    }

    /// Takes the roll call.
    /// - Throws: whatever is wrong before the first id is sent; then nothing but the output directory and its lock is
    ///   left.
    func take() async throws -> Ended {
        let began = surroundings.uptime()
        let settings = settings
        // Is the source there, readable, and of the kind the options are for?
        try await onBlockingThread { _ = try SubscriberSource(settings.source) }
        let started = surroundings.now()
        let id = RunID(startedAt: started, salt: surroundings.salt())
        let lock = try settings.output.take(holder: "process \(ProcessID.own) since \(started.seconds)")
        defer { withExtendedLifetime(lock) {} }

        var warnings = settings.api.warnings
        for abandoned in try settings.output.dropAbandonedWork() {
            warnings.append("run \(abandoned) ended without a word; what it left was dropped")
        }
        try settings.output.beginWork(id)
        do {
            let options = settings.api.clientOptions(concurrency: settings.concurrency)
            return try await ViberClient.with(options, now: surroundings.now) { client in
                try await take(id, started: started, began: began, warnings: warnings, client: client)
            }
        } catch {
            try? settings.output.endWork(id)
            throw error
        }
    }

    private func take(
        _ id: RunID,
        started: Timestamp,
        began: Double,
        warnings: [String],
        client: ViberClient
    ) async throws -> Ended {
        // The account is asked for while the source is spooled; no id is sent before both are done.
        async let preflight = Preflight(clock: clock, random: surroundings.random).account(of: client)
        let spooled = try await spool(id)
        let known = try await preflight
        var summary = RunSummary(
            run: .init(id: id, startedAt: started, toolVersion: ViberRollcall.version), source: spooled.source)
        summary.account = known.account
        summary.accountError = known.error
        summary.timing.spool = surroundings.uptime() - began
        summary.warnings = warnings + spooled.warnings + (known.error.map { ["the account is not known: \($0)"] } ?? [])
        surroundings.log.info("spooled", metadata: ["ids": "\(spooled.source.unique)"])

        let asking = surroundings.uptime()
        let answers = try AnswerFile(creating: path(id, "answers"), count: spooled.source.unique)
        let ending = try await ask(client, id: id, answers: answers)
        summary.run.passes = ending.passes
        summary.api = ending.api
        summary.timing.asking = surroundings.uptime() - asking
        summary.warnings += Self.warnings(of: ending)
        surroundings.log.info("asked", metadata: ["requests": "\(ending.api.requests)", "passes": "\(ending.passes)"])

        for warning in summary.warnings { surroundings.log.warning("\(SafeText(warning))") }
        return try await publish(summary, began: began, answers: answers, stopped: ending.stopped)
    }

    private func path(_ id: RunID, _ name: String) -> String { settings.output.work(of: id) + "/" + name }

    private func spool(_ id: RunID) async throws -> (source: RunSummary.Source, warnings: [String]) {
        let settings = settings
        let spoolPath = path(id, "spool")
        return try await onBlockingThread {
            var rejected = RejectedCSV(in: settings.output, run: id)
            let spooled = try Spooling.run(
                settings.source, source: SubscriberSource(settings.source), spoolPath: spoolPath
            ) { row in try rejected.append(line: row.line, reason: row.reason.rawValue, value: row.value) }
            try rejected.finish()
            return spooled
        }
    }

    /// The stack of what is done about a request: it is paced, tried again, and taken apart if it is refused.
    private func asking(_ client: ViberClient) -> some Asking {
        let policy = RetryPolicy()
        let (random, log) = (surroundings.random, surroundings.log)
        let paced = Pacing(
            client, rate: settings.rate, concurrency: settings.concurrency, policy: policy, clock: clock, random: random
        )
        let retried = Retrying(
            paced,
            loop: RetryLoop(
                clock: clock,
                decide: { policy.verdict(on: $0, after: $1, random: random()) },
                willRetry: { failure, tries in
                    paced.noteRetry(of: failure)
                    log.debug(
                        "request failed",
                        metadata: ["times": "\(tries.total)", "why": "\(SafeText(failure.description))"])
                }))
        return Bisecting(retried)
    }

    private func ask(
        _ client: ViberClient,
        id: RunID,
        answers: AnswerFile
    ) async throws -> RollCall<ContinuousClock>.Ending {
        let line = ProgressLine(settings.speech)
        defer { line.clear() }
        let rollCall = RollCall(
            asking: asking(client), concurrency: settings.concurrency, settle: settings.settle, clock: clock
        ) { progress in
            line.show(
                pass: progress.pass, settled: progress.settled, of: progress.unique, requests: progress.requests)
        }
        return try await rollCall.run(spoolPath: path(id, "spool"), answers: answers)
    }

    private func publish(
        _ summary: RunSummary,
        began: Double,
        answers: AnswerFile,
        stopped: RequestFailure?
    ) async throws -> Ended {
        let (surroundings, settings) = (surroundings, settings)
        let spoolPath = path(summary.run.id, "spool")
        let published = try await onBlockingThread {
            let publishing = surroundings.uptime()
            let writer = SnapshotWriter(settings.output, formats: settings.formats) {
                let time = surroundings.uptime()
                return (time - publishing, time - began, surroundings.now())
            }
            return try writer.publish(summary) { visit in
                var roll = try Roll(spoolPath: spoolPath, answers: answers)
                while try roll.next() { try visit(roll.id, roll.entry) }
            } exitCode: { counts in
                ExitStatus(counts: counts, stopped: stopped).rawValue
            }
        }
        if let note = published.note { surroundings.log.warning("\(SafeText(note))") }
        let counts = published.summary.counts
        let why: String? =
            if let stopped {
                "stopped: \(SafeText(stopped.description)); \(counts.notAsked.of("id")) not asked for"
            } else if counts.unresolved > 0 {
                "\(counts.unresolved.grouped) of \(counts.total.grouped) ids \(counts.unresolved == 1 ? "has" : "have") no definite answer; "
                    + "their rows say why: \(published.path)"
            } else {
                nil
            }
        return Ended(published: published, status: ExitStatus(counts: counts, stopped: stopped), why: why)
    }

    private static func warnings(of ending: RollCall<ContinuousClock>.Ending) -> [String] {
        let api = ending.api
        var sentences: [String] = []
        if let failure = ending.lastFailure {
            sentences.append("\(ending.failedBatches.of("batch")) brought no answers; the last: \(failure.description)")
        }
        if api.extraUsers > 0 {
            sentences.append(
                "the API answered for \(api.extraUsers.of("user")) nobody had asked for; left out")
        }
        if api.duplicateUsers > 0 {
            sentences.append("the API gave \(api.duplicateUsers.of("user")) more than once in one answer")
        }
        if api.statusMessageMismatches > 0 {
            sentences.append(
                "\(api.statusMessageMismatches.of("user")) had a status whose message says another; the number counts"
            )
        }
        return sentences
    }
}

/// The client asks as a roll call wants it.
extension ViberClient: Asking {
    func ask(_ batch: IDBatch) async throws(RequestFailure) -> OnlineReply { try await online(batch) }
}
