import Files
import Logging
import Model
import RollCall
import Snapshots
import Subscribers
import ViberAPI

/// One run, composed: source → spool → ask → settle → publish.
struct Run<Time: Clock<Duration>>: Sendable {
    let settings: Settings
    let surroundings: Surroundings
    /// For waits.
    let clock: Time

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
        let deadline = settings.deadline.map { clock.now.advanced(by: $0) }
        let settings = settings
        // Is the source there, readable, and of the kind the options are for?
        try await onBlockingThread { _ = try SubscriberSource(settings.source) }
        let started = surroundings.now()
        let id = RunID(startedAt: started, salt: surroundings.salt())
        let lock = try settings.output.take(holder: "process \(ProcessID.own) since \(started.seconds)")
        defer { withExtendedLifetime(lock) {} }

        for note in settings.api.notes { surroundings.log.info("\(SafeText(note))") }
        var warnings = settings.api.warnings
        for abandoned in try settings.output.dropAbandonedWork() {
            warnings.append("run \(abandoned) ended without a word; what it left was dropped")
        }
        try settings.output.beginWork(id)
        do {
            let options = settings.api.clientOptions(concurrency: settings.concurrency)
            return try await ViberClient.with(options, now: surroundings.now) { client in
                try await take(
                    id, started: started, began: began, deadline: deadline, warnings: warnings, client: client)
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
        deadline: Time.Instant?,
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
        let ending = try await ask(client, id: id, answers: answers, until: deadline)
        summary.run.passes = ending.passes
        summary.api = ending.api
        summary.timing.asking = surroundings.uptime() - asking
        summary.warnings += ending.warnings
        surroundings.log.info("asked", metadata: ["requests": "\(ending.api.requests)", "passes": "\(ending.passes)"])

        for warning in summary.warnings { surroundings.log.warning("\(SafeText(warning))") }
        return try await publish(summary, began: began, answers: answers, stopped: ending.stopped)
    }

    func path(_ id: RunID, _ name: String) -> String { settings.output.work(of: id) + "/" + name }

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
        var why: String?
        if stopped != nil || counts.unresolved > 0 {
            why =
                (stopped.map { "stopped: \(SafeText($0.description)); " } ?? "")
                + "\(counts.unresolved.grouped) of \(counts.total.grouped) ids "
                + "\(counts.unresolved == 1 ? "has" : "have") no definite answer"
                + (counts.notAsked > 0 ? " (\(counts.notAsked.grouped) not asked for)" : "")
                + "; their rows say why: \(published.path)"
        }
        return Ended(published: published, status: ExitStatus(counts: counts, stopped: stopped), why: why)
    }
}
