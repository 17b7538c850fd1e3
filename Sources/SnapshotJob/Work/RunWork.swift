import Files
import Journal
import Model
import Snapshots
import Subscribers
import ViberAPI

/// What a run works on: the ids in its spool and the answers so far, its own or those of an earlier run that stopped.
struct RunWork: Sendable {
    var record: WorkRecord
    var isContinued: Bool
    /// What a person should know of how it was found, in sentences.
    var notes: [String]
}

extension SnapshotJob {
    /// Finds the work of an earlier run to go on with, or reads the source into a spool of its own; and asks for the
    /// account meanwhile. No id is sent before both are done.
    ///
    /// Whatever this throws, nothing was sent, and the work of an earlier run is still there.
    func work(of client: ViberClient, _ leftovers: Leftovers, started: Timestamp, began: Double) async throws -> RunWork
    {
        let (output, stop) = (settings.output, environment.stop)
        let asking = Preflight(clock: clock, random: environment.random) { stop.note(failure: $0) }
        stop.note(host: settings.api.baseURL.host)
        async let preflight = asking.account(of: client)
        let wanted = Resume.Settings(
            startedAt: started, key: settings.workKey, within: settings.resumeWithin, isFresh: settings.isFresh)
        let candidate = Resume.candidate(among: leftovers.unfinished, wanted)
        var fresh: WorkRecord?
        do {
            if candidate == nil || settings.source.options.isStandardInput {
                fresh = try await spooled(started: started, began: began)
            }
            let known = try await preflight
            stop.noteSuccess()
            var findings = Resume.Findings(
                account: known.account?.id, isSameToken: candidate.map(settings.api.isToken(of:)) ?? false,
                newSpoolSum: candidate == nil ? nil : fresh?.spoolSum)
            if let candidate, findings.objection(to: candidate) == nil {
                findings.spoolSum = try await spoolSum(of: candidate)
            }
            let resume = Resume(leftovers.unfinished, wanted, findings)
            stop.note(activity: "writing to the output directory \(output.path)")
            defer { stop.note(activity: nil) }
            if let candidate, resume.run == candidate.run {
                let stale = fresh?.run
                return try await onAbandonedThread { [leftovers] _ in
                    var leftovers = leftovers
                    leftovers.discard(resume.discarded)
                    if let stale { try output.work.run(stale).remove() }
                    return try continued(candidate, known, notes: leftovers.notes)
                }
            }
            var record: WorkRecord
            if let fresh { record = fresh } else { record = try await spooled(started: started, began: began) }
            fresh = record
            record.summary.account = known.account
            record.summary.accountError = known.error
            if let reason = known.error { record.summary.warnings.append("the account is not known: \(reason)") }
            return try await onAbandonedThread { [record, leftovers] _ in
                var leftovers = leftovers
                try record.write(in: output.work)
                leftovers.discard(resume.discarded)
                let strangers = try OtherSnapshots(in: output, than: record.summary, now: started).warnings
                return RunWork(record: record, isContinued: false, notes: leftovers.notes + strangers)
            }
        } catch {
            if let fresh { try? output.work.run(fresh.run).remove() }
            throw error
        }
    }

    /// SHA-256 of the ids that an unfinished run has on the disk; nil if they are gone.
    private func spoolSum(of record: WorkRecord) async throws -> String? {
        let spoolPath = settings.output.work.run(record.run).spool
        return try await onAbandonedThread { _ in
            try Directories.exists(spoolPath) ? Checksum.sha256(of: spoolPath).hex : nil
        }
    }

    private func continued(
        _ earlier: WorkRecord,
        _ known: (account: Account?, error: String?),
        notes: [String]
    ) throws -> RunWork {
        var record = earlier
        record.summary.run.resumed += 1
        var notes = notes
        if let state = try settings.source.state(), let before = earlier.sourceState, state != before {
            notes.append(
                "\(settings.source.options.name) has changed since run \(earlier.run) read it at "
                    + "\(earlier.summary.run.startedAt.seconds); the ids read then are asked for (--fresh reads it again)"
            )
        }
        // Of the same account, if not the same.
        record.token = settings.api.tokenHash(key: environment.salt)
        if let account = known.account {
            record.summary.account = account
            record.summary.accountError = nil
        } else if !settings.api.keepWebhook {
            record.summary.account = record.summary.account?.cuttingWebhook()
        }
        try record.write(in: settings.output.work)
        return RunWork(record: record, isContinued: true, notes: notes)
    }

    /// Reads the source into the spool of a new run.
    private func spooled(started: Timestamp, began: Double) async throws -> WorkRecord {
        let id = RunID(startedAt: started, salt: environment.salt())
        let settings = settings
        let files = settings.output.work.run(id)
        environment.stop.note(activity: "reading \(settings.source.options.name)")
        defer { environment.stop.note(activity: nil) }
        do {
            let (source, warnings, sum) = try await onAbandonedThread { flag in
                try files.create()
                var rejected = RejectedCSV(path: files.rejected)
                let digest = ConcurrentDigest()
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
            summary.timing.spool = environment.uptime() - began
            return WorkRecord(
                summary: summary, key: settings.workKey, spoolSum: sum,
                token: settings.api.tokenHash(key: environment.salt), sourceState: try settings.source.state())
        } catch {
            try? files.remove()
            throw error
        }
    }

    /// Opens the answers of the work.
    func answers(of work: RunWork) async throws -> (file: AnswerFile, settled: Int) {
        let files = settings.output.work.run(work.record.run)
        let count = work.record.summary.source.unique
        let earlier = RunUse(of: work.record.summary)
        let output = settings.output.path
        return try await onAbandonedThread { _ in
            guard work.isContinued, Directories.exists(files.answers) else {
                try FreeSpace.require(bytes: count * bytesAnID, at: output)
                return (try AnswerFile(creating: files.answers, count: count, earlier: earlier), 0)
            }
            let file = try AnswerFile(opening: files.answers, count: count, earlier: earlier)
            return (file, try Roll.settled(spoolPath: files.spool, answers: file))
        }
    }
}

/// What an id takes on the disk after its spool: an answer, and a row in each file.
private let bytesAnID = 32 + 40 + 50

extension Leftovers {
    fileprivate mutating func discard(_ discarded: [Resume.Discarded]) {
        for other in discarded { discard(other.run, because: other.reason) }
    }
}
