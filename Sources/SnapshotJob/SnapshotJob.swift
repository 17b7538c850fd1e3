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
    /// The clock for waits.
    let clock: Time

    package init(_ settings: JobSettings, environment: RunEnvironment, clock: Time) {
        self.settings = settings
        self.environment = environment
        self.clock = clock
    }

    /// Takes the roll call.
    ///
    /// - Returns: the published snapshot and the exit status.
    /// - Throws: any error before the first id is sent; then the output directory holds nothing new but its lock. After
    ///   that only errors of the disk; then the work is kept for the next run.
    package func run() async throws -> RunResult {
        let settings = settings
        return try await Self.run(environment: environment, clock: clock, deadline: settings.deadline) { settings }
    }

    /// Takes the roll call with settings that are read first, on a thread that is abandoned if the run is stopped.
    ///
    /// - Parameters:
    ///   - environment: clocks, randomness and log.
    ///   - clock: the clock for waits.
    ///   - deadline: counts from now and replaces the deadline of the settings; nil for no limit.
    ///   - settings: opens the source and the token.
    /// - Returns: the published snapshot and the exit status.
    /// - Throws: what `settings` throws, and as `run()` does.
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
            // A cancelled request is reported as what cancelled it: the signal or the deadline.
            guard error is CancellationError || (error as? RequestFailure)?.failureClass == .transient,
                let reason = stop.reason
            else { throw error }
            throw StoppedBeforeSending(reason: reason, cause: stop.cause)
        }
    }

    private func run(until deadline: Deadline<Time>) async throws -> RunResult {
        let startUptime = environment.uptime()
        let settings = settings
        let prepared = try await deadline.cancelling { try await self.prepare() }
        defer { withExtendedLifetime(prepared.work) {} }
        for warning in prepared.warnings { environment.log.warning("\(SanitizedText(warning))") }
        for note in settings.api.notes { environment.log.info("\(SanitizedText(note))") }
        let options = settings.api.clientOptions
        return try await ViberClient.with(options, now: environment.now) { client in
            let state: RunState = try await deadline.cancelling {
                try await self.resumeOrStart(
                    client, prepared.unfinishedRuns, started: prepared.started, startUptime: startUptime)
            }
            return try await finish(state, prepared.warnings, until: deadline, startUptime: startUptime, client: client)
        }
    }

    /// The locked output directory, before the run reads its source.
    private struct Preparation: Sendable {
        var work: LockedWork
        var unfinishedRuns: UnfinishedRuns
        var started: Timestamp
        /// Sentences for the user.
        var warnings: [String]
    }

    /// Locks the output directory, and reads what earlier runs left in it.
    ///
    /// This runs on a thread that is abandoned if the run is stopped, since a network disk may not respond.
    private func prepare() async throws -> Preparation {
        let (output, now, stop) = (settings.output, environment.now, environment.stop)
        stop.record(activity: "looking at the output directory \(output.path)")
        let (work, unfinishedRuns, obstacles, hasRun) = try await onAbandonableThread { _ in
            let work = try output.work.lock(at: now())
            let publication = Publication(output: output, now: now())
            let obstacles = publication.obstacles()
            let unfinishedRuns = try UnfinishedRuns(in: output.work, work, finishPublished: publication.finishPublished)
            return (work, unfinishedRuns, obstacles, try output.hasRun(startedInSecondOf: now()))
        }
        // Runs are ordered by the second of their start, so this run waits if another one started in the same second.
        if hasRun { try await clock.sleep(for: .milliseconds(1_001 - now().milliseconds % 1_000)) }
        // Not abandonable: the check creates a trial link, and removes it at its end.
        let links = try await onBlockingThread { output.foreignLatest == nil ? output.reasonForNoLinks() : nil }
        stop.record(activity: nil)
        let warnings =
            work.warnings + unfinishedRuns.warnings.filter { !obstacles.contains($0) } + obstacles
            + [links].compactMap(\.self)
        return Preparation(work: work, unfinishedRuns: unfinishedRuns, started: now(), warnings: warnings)
    }

    /// Requests the ids that have no answer yet, and publishes the snapshot.
    private func finish(
        _ state: RunState,
        _ logged: [String],
        until deadline: Deadline<Time>,
        startUptime: Double,
        client: ViberClient
    ) async throws -> RunResult {
        var record = state.record
        let existingWarnings = record.summary.warnings
        record.summary.warnings += (settings.api.warnings + logged + state.warnings)
            .filter { !existingWarnings.contains($0) }
        let requestsStart = environment.uptime()
        let answers = try await deadline.cancelling { try await self.answers(of: state) }
        let unique = record.summary.source.unique
        record.summary.run.passes = answers.file.earlierUsage.passes
        record.summary.api = answers.file.earlierUsage.api
        if state.isResumed {
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
        if !state.isResumed {
            record.summary.warnings += clockWarnings(record.summary.run.startedAt, startUptime: startUptime)
        }
        environment.log.info(
            "roll call ended", metadata: ["requests": "\(result.api.requests)", "passes": "\(result.passes)"])
        let unlikely = try await unlikelyResults(record.summary, answers.file)
        for warning in record.summary.warnings + unlikely.map(\.text) where !logged.contains(warning) {
            environment.log.warning("\(SanitizedText(warning))")
        }
        let published = try await publish(
            record, unlikely: unlikely.map(\.text), startUptime: startUptime, answers: answers.file,
            stopped: stopReason(result))
        for warning in published.warnings where !logged.contains(warning) {
            environment.log.warning("\(SanitizedText(warning))")
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

    /// Compares the wall clock, which recorded times come from, with the monotonic clock, which durations come from.
    ///
    /// - Returns: a warning if they differ by more than 60 seconds.
    private func clockWarnings(_ started: Timestamp, startUptime: Double) -> [String] {
        let passed = Double(environment.now().milliseconds(since: started)) / 1_000
        let step = passed - (environment.uptime() - startUptime)
        guard abs(step) > 60 else { return [] }
        return [
            "the clock of this machine was set by about \(DecimalText.text(step, digits: 0)) s during the run; the run's times are inconsistent"
        ]
    }

    /// The end of a run by the wall clock. If time synchronization set that clock back by up to 60 seconds, the start
    /// is used instead: no later command would use a run that ended before its start.
    private func finishedAt(_ run: RunSummary.Run) -> Timestamp {
        let now = environment.now()
        return run.startedAt.milliseconds(since: now) <= 60_000 ? max(now, run.startedAt) : now
    }

    /// Publishes the snapshot; for a run that stopped early, first saves the work for the next run.
    ///
    /// - Parameters:
    ///   - record: the state of the run.
    ///   - unlikely: warnings that are published and not kept with the work, since a run that resumes it checks all
    ///     answers again.
    ///   - startUptime: the start of this process, in seconds of the monotonic clock.
    ///   - answers: the answers of the run.
    ///   - stopped: the reason for stopping early; nil for a finished run.
    /// - Returns: the published snapshot.
    /// - Throws: `BrokenInvariant` or `FileError`; then the snapshot is not in place.
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
                return (time - publishing, earlier + time - startUptime, self.finishedAt(record.summary.run))
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
