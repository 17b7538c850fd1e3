import Files
import Formats
import Journal
import Logging
import Model
import RollCall
import Snapshots
import ViberAPI

/// One run from settings to snapshot: source → journal → Viber → journal → snapshot.
package struct SnapshotJob<Time: Clock<Duration>>: Sendable {
    let settings: JobSettings
    let environment: RunEnvironment
    /// For waits.
    let clock: Time

    package init(_ settings: JobSettings, environment: RunEnvironment, clock: Time) {
        self.settings = settings
        self.environment = environment
        self.clock = clock
    }

    /// Takes the roll call.
    ///
    /// - Returns: the published snapshot and how the run ended.
    /// - Throws: whatever is wrong before the first id is sent; then nothing but the output directory, its lock and what an
    ///   earlier run had left is there. And errors of the disk, after which the work stays for the next run.
    package func run() async throws -> RunResult {
        let settings = settings
        return try await Self.run(environment: environment, clock: clock, deadline: settings.deadline) { settings }
    }

    /// The same with settings that are read first, on a thread that nobody waits for when the run is told to stop.
    ///
    /// `deadline`: counts from now; that of the settings does not.
    package static func run(
        environment: RunEnvironment,
        clock: Time,
        deadline: Duration?,
        settings: @escaping @Sendable () throws -> JobSettings
    ) async throws -> RunResult {
        let stop = environment.stop
        let limit = Deadline(deadline.map { clock.now.advanced(by: $0) }, clock: clock, stop: stop)
        do {
            stop.record(activity: "opening the source and the token")
            let settings = try await limit.cancelling { try await onAbandonableThread { _ in try settings() } }
            return try await SnapshotJob(settings, environment: environment, clock: clock).run(until: limit)
        } catch {
            // What was cut off is told by why it was.
            guard error is CancellationError || (error as? RequestFailure)?.failureClass == .transient,
                let reason = stop.reason
            else { throw error }
            throw StoppedBeforeSending(reason: reason, cause: stop.cause)
        }
    }

    private func run(until deadline: Deadline<Time>) async throws -> RunResult {
        let startUptime = environment.uptime()
        let settings = settings
        let found = try await deadline.cancelling { try await self.begin() }
        defer { withExtendedLifetime(found.work) {} }
        for warning in found.warnings { environment.log.warning("\(SanitizedText(warning))") }
        for note in settings.api.notes { environment.log.info("\(SanitizedText(note))") }
        let options = settings.api.clientOptions
        return try await ViberClient.with(options, now: environment.now) { client in
            let work: RunState = try await deadline.cancelling {
                try await self.work(of: client, found.unfinishedRuns, started: found.started, startUptime: startUptime)
            }
            return try await finish(work, found.warnings, until: deadline, startUptime: startUptime, client: client)
        }
    }

    /// What there is before the run reads its source.
    private struct Beginning: Sendable {
        var work: LockedWork
        var unfinishedRuns: UnfinishedRuns
        var started: Timestamp
        /// What a person should know, in sentences.
        var warnings: [String]
    }

    /// Locks the output directory, and looks at what stands in it.
    ///
    /// On a thread that nobody waits for when the run is told to stop: a network disk may not answer.
    private func begin() async throws -> Beginning {
        let (output, now, stop) = (settings.output, environment.now, environment.stop)
        stop.record(activity: "looking at the output directory \(output.path)")
        let (work, unfinishedRuns, obstacles, hasRun) = try await onAbandonableThread { _ in
            let work = try output.work.lock(at: now())
            let publication = Publication(output: output, now: now())
            let obstacles = publication.obstacles()
            let unfinishedRuns = try UnfinishedRuns(in: output.work, work, finishPublished: publication.finishPublished)
            return (work, unfinishedRuns, obstacles, try output.hasRun(startedInSecondOf: now()))
        }
        // Runs are ordered by the second in which they started, so this one waits if another started in the same.
        if hasRun { try await clock.sleep(for: .milliseconds(1_001 - now().milliseconds % 1_000)) }
        // To its end, so that no trial is left.
        let links = try await onBlockingThread { output.foreignLatest == nil ? output.reasonForNoLinks() : nil }
        stop.record(activity: nil)
        let warnings =
            work.warnings + unfinishedRuns.warnings.filter { !obstacles.contains($0) } + obstacles
            + [links].compactMap(\.self)
        return Beginning(work: work, unfinishedRuns: unfinishedRuns, started: now(), warnings: warnings)
    }

    /// Asks for what has no answer yet, and publishes.
    private func finish(
        _ work: RunState,
        _ logged: [String],
        until deadline: Deadline<Time>,
        startUptime: Double,
        client: ViberClient
    ) async throws -> RunResult {
        var record = work.record
        let told = record.summary.warnings
        record.summary.warnings += (settings.api.warnings + logged + work.warnings).filter { !told.contains($0) }
        let requestsStart = environment.uptime()
        let answers = try await deadline.cancelling { try await self.answers(of: work) }
        let unique = record.summary.source.unique
        record.summary.run.passes = answers.file.earlierUsage.passes
        record.summary.api = answers.file.earlierUsage.api
        if work.isResumed {
            let run = record.summary.run
            let progress = "\(answers.settled.grouped) of \(unique.counted("id")) have answers"
            environment.log.notice("resuming run \(run.id), started at \(run.startedAt.seconds): \(progress)")
        } else {
            environment.log.info("spooled", metadata: ["ids": "\(unique)"])
        }
        let result = try await runRollCall(
            client, for: record, answers: answers.file, settled: answers.settled, until: deadline)
        record = record.after(result)
        record.summary.timing.asking += environment.uptime() - requestsStart
        record.summary.warnings += result.warnings
        if !work.isResumed {
            record.summary.warnings += clockWarnings(record.summary.run.startedAt, startUptime: startUptime)
        }
        environment.log.info("asked", metadata: ["requests": "\(result.api.requests)", "passes": "\(result.passes)"])
        let unlikely = try await unlikelyResults(record.summary, answers.file)
        for warning in record.summary.warnings + unlikely.map(\.text) where !logged.contains(warning) {
            environment.log.warning("\(SanitizedText(warning))")
        }
        let published = try await publish(
            record, unlikely: unlikely.map(\.text), startUptime: startUptime, answers: answers.file,
            stopped: stopReason(result))
        for note in published.warnings where !logged.contains(note) {
            environment.log.warning("\(SanitizedText(note))")
        }
        return RunResult(
            published, stopped: stopReason(result), cause: environment.stop.cause, unlikely: unlikely)
    }

    private func stopReason(_ result: RollCallResult) -> StopReason? {
        switch result.interruption {
        case nil: nil
        case .request(let failure): .request(failure)
        case .outOfTime: .deadline
        case .cancelled: environment.stop.reason ?? .cancelled
        }
    }

    /// Times that are written down come from the wall clock, and durations from another.
    private func clockWarnings(_ started: Timestamp, startUptime: Double) -> [String] {
        let passed = Double(environment.now().milliseconds(since: started)) / 1_000
        let step = passed - (environment.uptime() - startUptime)
        guard abs(step) > 60 else { return [] }
        return [
            "the clock of this machine was set by about \(DecimalText.text(step, digits: 0)) s during the run; its times are mixed"
        ]
    }

    /// The time by the wall clock. One that was set back by some seconds, as clocks are that follow others, does not make the
    /// run end before it began: no decision would rest on it.
    private func finish(of run: RunSummary.Run) -> Timestamp {
        let now = environment.now()
        return run.startedAt.milliseconds(since: now) <= 60_000 ? max(now, run.startedAt) : now
    }

    /// `unlikely`: warnings that are published and not kept with the work: a run that resumes it judges all answers anew.
    private func publish(
        _ record: RunRecord,
        unlikely: [String],
        startUptime: Double,
        answers: AnswerFile,
        stopped: StopReason?
    ) async throws -> PublishedSnapshot {
        let (environment, settings) = (environment, settings)
        let earlier = record.summary.timing.total
        return try await onBlockingThread {
            if stopped != nil {
                try answers.sync()
                var record = record
                record.summary.timing.total = earlier + environment.uptime() - startUptime
                try record.write(in: settings.output.work)
            }
            let publishing = environment.uptime()
            let writer = SnapshotWriter(settings.output, formats: settings.formats) {
                let time = environment.uptime()
                return (time - publishing, earlier + time - startUptime, self.finish(of: record.summary.run))
            }
            var summary = record.summary
            summary.warnings += unlikely
            let spoolPath = settings.output.work.run(record.run).spool
            let publication = Publication(output: settings.output, now: environment.now())
            return try publication.publish(summary, writer, keepsWork: stopped != nil) { visit in
                var cursor = try SpoolCursor(spoolPath: spoolPath, answers: answers)
                while try cursor.next() { try visit(cursor.id, cursor.entry) }
            } exitCode: { counts in
                ExitStatus(counts: counts, stopped: stopped).rawValue
            }
        }
    }
}
