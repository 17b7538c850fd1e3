import Files
import Journal
import Model
import Snapshots
import Subscribers
import ViberAPI

/// The state in which a run starts to send ids: new, or that of an earlier run that stopped.
struct RunState: Sendable {
    var record: RunRecord
    var isResumed: Bool
    /// Sentences for the user about how it was found.
    var warnings: [String]
}

extension SnapshotJob {
    /// Resumes an earlier run, or reads the source into the spool of a new one; requests the account at the same time.
    /// No id is sent before both have finished.
    ///
    /// - Parameters:
    ///   - client: requests the account.
    ///   - unfinishedRuns: earlier runs in the output directory.
    ///   - started: the start of this run.
    ///   - startUptime: the same, in seconds of the monotonic clock.
    /// - Returns: the state to start from.
    /// - Throws: any error of the source, the account request or the output directory. Then no id was sent, and the
    ///   work of earlier runs is still there.
    func resumeOrStart(
        _ client: ViberClient, _ unfinishedRuns: UnfinishedRuns, started: Timestamp, startUptime: Double
    ) async throws -> RunState {
        let (output, stop) = (settings.output, environment.stop)
        let accountRequest = Preflight(clock: clock, random: environment.random) { stop.record(failure: $0) }
        stop.record(host: settings.api.baseURL.host)
        async let preflight = accountRequest.account(of: client)
        let resumeSettings = Resume.Settings(
            startedAt: started, key: settings.resumeKey, within: settings.resumeWithin,
            startsFresh: settings.startsFresh)
        let candidate = Resume.candidate(among: unfinishedRuns.resumable, resumeSettings)
        var newRecord: RunRecord?
        do {
            if candidate == nil || settings.source.options.isStandardInput {
                newRecord = try await spoolSource(started: started, startUptime: startUptime)
            }
            let accountResult = try await preflight
            stop.recordSuccess()
            var findings = Resume.Findings(
                account: accountResult.account?.id, isSameToken: candidate.map(settings.api.hasSameToken(as:)) ?? false,
                newSpoolSum: candidate == nil ? nil : newRecord?.spoolSum)
            if let candidate, findings.objection(to: candidate) == nil {
                findings.spoolSum = try await spoolSum(of: candidate)
            }
            let resume = Resume(unfinishedRuns.resumable, resumeSettings, findings)
            stop.record(activity: "writing to the output directory \(output.path)")
            defer { stop.record(activity: nil) }
            if let candidate, resume.run == candidate.run {
                let redundantRun = newRecord?.run
                return try await onAbandonableThread { [unfinishedRuns] _ in
                    var unfinishedRuns = unfinishedRuns
                    unfinishedRuns.discard(resume.discarded)
                    if let redundantRun { try output.work.run(redundantRun).remove() }
                    return try resumedState(of: candidate, accountResult, warnings: unfinishedRuns.warnings)
                }
            }
            var record: RunRecord
            if let newRecord {
                record = newRecord
            } else {
                record = try await spoolSource(started: started, startUptime: startUptime)
            }
            newRecord = record
            record.summary.account = accountResult.account
            record.summary.accountError = accountResult.error
            if let reason = accountResult.error {
                record.summary.warnings.append("the account is not known: \(reason)")
            }
            return try await onAbandonableThread { [record, unfinishedRuns] _ in
                var unfinishedRuns = unfinishedRuns
                try record.write(in: output.work)
                unfinishedRuns.discard(resume.discarded)
                let foreign = try ForeignSnapshots(in: output, differingFrom: record.summary, now: started).warnings
                return RunState(record: record, isResumed: false, warnings: unfinishedRuns.warnings + foreign)
            }
        } catch {
            if let newRecord { try? output.work.run(newRecord.run).remove() }
            throw error
        }
    }

    /// - Returns: SHA-256 of the ids that an unfinished run has on the disk; nil if they are gone.
    private func spoolSum(of record: RunRecord) async throws -> String? {
        let spoolPath = settings.output.work.run(record.run).spool
        return try await onAbandonableThread { _ in
            try FileSystem.exists(spoolPath) ? Checksum.sha256(ofFile: spoolPath).hex : nil
        }
    }

    /// Updates the record of an earlier run for this process.
    private func resumedState(
        of earlier: RunRecord,
        _ accountResult: (account: Account?, error: String?),
        warnings: [String]
    ) throws -> RunState {
        var record = earlier
        record.summary.run.resumed += 1
        var warnings = warnings
        if let state = try settings.source.state(), let before = earlier.sourceState, state != before {
            warnings.append(
                "\(settings.source.options.name) has changed since run \(earlier.run) read it at "
                    + "\(earlier.summary.run.startedAt.seconds); the ids read then are used (--fresh reads it again)"
            )
        }
        // The token may be another one of the same account.
        record.token = settings.api.tokenHash(key: environment.salt)
        if let account = accountResult.account {
            record.summary.account = account
            record.summary.accountError = nil
        } else if !settings.api.keepWebhook {
            record.summary.account = record.summary.account?.redactingWebhook()
        }
        try record.write(in: settings.output.work)
        return RunState(record: record, isResumed: true, warnings: warnings)
    }

    /// Reads the source into the spool of a new run, and checks its size.
    ///
    /// - Returns: the record of the new run.
    private func spoolSource(started: Timestamp, startUptime: Double) async throws -> RunRecord {
        let id = RunID(startedAt: started, salt: environment.salt())
        let settings = settings
        let files = settings.output.work.run(id)
        environment.stop.record(activity: "reading \(settings.source.options.name)")
        defer { environment.stop.record(activity: nil) }
        do {
            let (source, warnings, sum) = try await onAbandonableThread { flag in
                try files.create()
                var rejected = RejectedCSV(path: files.rejected)
                let digest = BackgroundSHA256()
                let spooled = try Spooling.run(
                    settings.source, spoolPath: files.spool, digest: digest, check: flag.check
                ) { row in
                    try rejected.append(
                        line: row.line, reason: row.reason.rawValue, value: row.value, rows: row.rows)
                }
                try rejected.finish()
                try settings.checkShrinking(spooled.source, at: started)
                return (spooled.source, spooled.warnings, digest.finish())
            }
            var summary = RunSummary(
                run: .init(id: id, startedAt: started, toolVersion: settings.toolVersion), source: source)
            summary.warnings = warnings
            summary.timing.spool = environment.uptime() - startUptime
            return RunRecord(
                summary: summary, key: settings.resumeKey, spoolSum: sum,
                token: settings.api.tokenHash(key: environment.salt), sourceState: try settings.source.state())
        } catch {
            try? files.remove()
            throw error
        }
    }

    /// Opens the answers of a run, or creates them for a new one.
    ///
    /// - Parameter state: the state of the run.
    /// - Returns: the answers, and the number of ids that need no request.
    /// - Throws: `FileError` if they cannot be opened or created, or the disk has too little room for the run.
    func answers(of state: RunState) async throws -> (file: AnswerFile, settled: Int) {
        let files = settings.output.work.run(state.record.run)
        let count = state.record.summary.source.unique
        let earlier = RunUsage(of: state.record.summary)
        let output = settings.output.path
        return try await onAbandonableThread { _ in
            guard state.isResumed, FileSystem.exists(files.answers) else {
                try FreeSpace.require(bytes: count * bytesPerID, at: output)
                return (try AnswerFile(creating: files.answers, count: count, earlier: earlier), 0)
            }
            let file = try AnswerFile(opening: files.answers, count: count, earlier: earlier)
            return (file, try SpoolCursor.settled(spoolPath: files.spool, answers: file))
        }
    }
}

/// Disk space per id after its spool: an answer, and a row in each file.
private let bytesPerID = 32 + 40 + 50

extension UnfinishedRuns {
    fileprivate mutating func discard(_ discarded: [Resume.Discarded]) {
        for other in discarded { discard(other.run, because: other.reason) }
    }
}
