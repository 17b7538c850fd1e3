import Files
import Formats
import Journal
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
        /// Warnings that are printed with `--quiet` too, if the run is not complete.
        var quietWarnings: [String] = []
    }

    /// Takes the roll call.
    /// - Throws: whatever is wrong before the first id is sent; then nothing but the output directory, its lock and what an
    ///   earlier run had left is there. And errors of the disk, after which the work stays for the next run.
    func take() async throws -> Ended {
        let deadline = settings.deadline.map { clock.now.advanced(by: $0) }
        do {
            return try await take(until: deadline)
        } catch {
            // What was cut off is told by why it was.
            guard error is CancellationError || (error as? RequestFailure)?.handling == .transient else { throw error }
            if let signal = surroundings.stopSignal() { throw StoppedBySignal(signal: signal) }
            if let deadline, clock.now >= deadline { throw RequestFailure.late }
            throw error
        }
    }

    private func take(until deadline: Time.Instant?) async throws -> Ended {
        let began = surroundings.uptime()
        let settings = settings
        let lock = try settings.output.work.lock(holder: "process \(ProcessID.own) since \(surroundings.now().seconds)")
        defer { withExtendedLifetime(lock) {} }
        for note in settings.api.notes { surroundings.log.info("\(SafeText(note))") }
        let options = settings.api.clientOptions
        return try await ViberClient.with(options, now: surroundings.now) { client in
            let work: Work = try await cancelled(at: deadline) {
                try await self.work(of: client, started: try await start(), began: began)
            }
            return try await take(work, until: deadline, began: began, client: client)
        }
    }

    /// The moment at which this run starts. Runs are ordered by the second in which they started, so it waits for the next
    /// second if another run started in this one.
    private func start() async throws -> Timestamp {
        let now = surroundings.now()
        guard try settings.output.hasRun(startedInSecondOf: now) else { return now }
        try await clock.sleep(for: .milliseconds(1_001 - now.milliseconds % 1_000))
        return surroundings.now()
    }

    private func take(
        _ work: Work,
        until deadline: Time.Instant?,
        began: Double,
        client: ViberClient
    ) async throws -> Ended {
        var record = work.record
        let told = record.summary.warnings
        record.summary.warnings += (settings.api.warnings + work.notes).filter { !told.contains($0) }
        let asking = surroundings.uptime()
        let answers = try await answers(of: work)
        let unique = record.summary.source.unique
        if work.isContinued {
            let run = record.summary.run
            let progress = "\(answers.settled.grouped) of \(unique.of("id")) have answers"
            surroundings.log.notice("resuming run \(run.id), started at \(run.startedAt.seconds): \(progress)")
        } else {
            surroundings.log.info("spooled", metadata: ["ids": "\(unique)"])
        }
        let ending = try await ask(
            client, for: record, answers: answers.file, settled: answers.settled, until: deadline)
        record = record.after(ending)
        record.summary.timing.asking += surroundings.uptime() - asking
        record.summary.warnings += ending.warnings
        if !work.isContinued { record.summary.warnings += clockWarnings(record.summary.run.startedAt, began: began) }
        surroundings.log.info("asked", metadata: ["requests": "\(ending.api.requests)", "passes": "\(ending.passes)"])
        let unlikely = try await unlikelyResults(record.summary, answers.file)
        for warning in record.summary.warnings + unlikely.map(\.text) {
            surroundings.log.warning("\(SafeText(warning))")
        }
        var ended = try await publish(
            record, unlikely: unlikely.map(\.text), began: began, answers: answers.file, stopped: ending.stopped)
        let quietWarnings = Set(unlikely.filter { !$0.isPrintedQuietly }.map(\.text))
        ended.quietWarnings = ended.published.summary.warnings.filter { !quietWarnings.contains($0) }
        return ended
    }

    /// Times that are written down come from the wall clock, and durations from another.
    private func clockWarnings(_ started: Timestamp, began: Double) -> [String] {
        let passed = Double(surroundings.now().milliseconds - started.milliseconds) / 1_000
        let step = passed - (surroundings.uptime() - began)
        guard abs(step) > 60 else { return [] }
        return [
            "the clock of this machine was set by about \(Decimal.text(step, digits: 0)) s during the run; its times are mixed"
        ]
    }

    /// `unlikely`: warnings that are published and not kept with the work: a run that resumes it judges all answers anew.
    private func publish(
        _ record: WorkRecord,
        unlikely: [String],
        began: Double,
        answers: AnswerFile,
        stopped: RequestFailure?
    ) async throws -> Ended {
        let (surroundings, settings) = (surroundings, settings)
        let work = settings.output.work.run(record.run)
        let earlier = record.summary.timing.total
        let published = try await onBlockingThread {
            if stopped != nil {
                try answers.sync()
                var record = record
                record.summary.timing.total = earlier + surroundings.uptime() - began
                try record.write(in: settings.output.work)
            }
            let publishing = surroundings.uptime()
            let writer = SnapshotWriter(settings.output, formats: settings.formats) {
                let time = surroundings.uptime()
                return (time - publishing, earlier + time - began, surroundings.now())
            }
            var summary = record.summary
            summary.warnings += unlikely
            var published = try writer.publish(summary) { visit in
                var roll = try Roll(spoolPath: work.spool, answers: answers)
                while try roll.next() { try visit(roll.id, roll.entry) }
            } exitCode: { counts in
                ExitStatus(counts: counts, stopped: stopped).rawValue
            }
            do {
                published.note = try Publication(output: settings.output)
                    .announce(published.summary, at: published.path)
                if stopped == nil { try work.remove() }
                return published
            } catch {
                throw UnfinishedPublication(path: published.path, cause: error)
            }
        }
        if let note = published.note { surroundings.log.warning("\(SafeText(note))") }
        return Ended(published, stopped: stopped)
    }
}

extension Run.Ended {
    fileprivate init(_ published: Published, stopped: RequestFailure?) {
        let counts = published.summary.counts
        self.init(published: published, status: ExitStatus(counts: counts, stopped: stopped))
        guard stopped != nil || counts.unresolved > 0 else { return }
        why =
            (stopped.map { "stopped: \(SafeText($0.description)); " } ?? "")
            + "\(counts.unresolved.grouped) of \(counts.total.grouped) ids "
            + "\(counts.unresolved == 1 ? "has" : "have") no definite answer"
            + (counts.notAsked > 0 ? " (\(counts.notAsked.grouped) not asked for)" : "")
            + "; their rows say why: \(published.path)" + (stopped == nil ? "" : ". Run again to continue")
    }
}
