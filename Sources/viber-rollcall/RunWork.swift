import Files
import Formats
import Journal
import Model
import RollCall
import Snapshots
import Subscribers
import ViberAPI

/// What a run works on: the ids in its spool and the answers so far, its own or those of an earlier run that stopped.
struct Work: Sendable {
    var record: WorkRecord
    var isContinued: Bool
    /// What a person should know of how it was found, in sentences.
    var notes: [String]
}

extension Run {
    /// Finds the work of an earlier run to go on with, or reads the source into a spool of its own; and asks for the
    /// account meanwhile. No id is sent before both are done.
    ///
    /// Whatever this throws, nothing was sent, and the work of an earlier run is still there.
    func work(of client: ViberClient, started: Timestamp, began: Double) async throws -> Work {
        let output = settings.output
        var leftovers = try await onBlockingThread { try Leftovers(in: output.work, finish: Publication(output: output).finish) }
        async let preflight = Preflight(clock: clock, random: surroundings.random).account(of: client)
        let candidate = settings.isFresh ? nil : leftovers.unfinished.last { isOurs($0, at: started) }
        var fresh: WorkRecord?
        do {
            if candidate == nil || settings.source.options.isStandardInput {
                fresh = try await spooled(started: started, began: began)
            }
            let known = try await preflight
            var flaw: String?
            if let candidate {
                flaw = try await self.flaw(in: candidate, account: known.account, now: fresh)
                if flaw == nil {
                    try dropOthers(than: candidate, of: &leftovers, at: started)
                    if let fresh { try output.work.run(fresh.run).remove() }
                    return try continued(candidate, known, notes: leftovers.notes)
                }
            }
            var record: WorkRecord
            if let fresh { record = fresh } else { record = try await spooled(started: started, began: began) }
            fresh = record
            record.summary.account = known.account
            record.summary.accountError = known.error
            if let reason = known.error { record.summary.warnings.append("the account is not known: \(reason)") }
            try record.write(in: output.work)
            if let candidate, let flaw { try leftovers.drop(candidate.run, because: flaw) }
            try dropOthers(than: record, of: &leftovers, at: started)
            return Work(record: record, isContinued: false, notes: leftovers.notes)
        } catch {
            if let fresh { try? output.work.run(fresh.run).remove() }
            throw error
        }
    }

    private func dropOthers(than taken: WorkRecord, of leftovers: inout Leftovers, at started: Timestamp) throws {
        for other in leftovers.unfinished where other.run != taken.run {
            try leftovers.drop(other.run, because: whyNot(other, at: started))
        }
    }

    private func continued(
        _ earlier: WorkRecord,
        _ known: (account: Account?, error: String?),
        notes: [String]
    ) throws -> Work {
        var record = earlier
        record.summary.run.resumed += 1
        var notes = notes
        if let state = try settings.source.state(), let before = earlier.sourceState, state != before {
            notes.append(
                "\(settings.source.options.name) has changed since run \(earlier.run) read it at "
                    + "\(earlier.summary.run.startedAt.seconds); the ids read then are asked for (--fresh reads it again)"
            )
        }
        if let account = known.account {
            record.summary.account = account
            record.summary.accountError = nil
        }
        try record.write(in: settings.output.work)
        return Work(record: record, isContinued: true, notes: notes)
    }

    /// Reads the source into the spool of a new run.
    private func spooled(started: Timestamp, began: Double) async throws -> WorkRecord {
        let id = RunID(startedAt: started, salt: surroundings.salt())
        let settings = settings
        let files = settings.output.work.run(id)
        try files.create()
        do {
            let (source, warnings, sum) = try await onAbandonedThread { flag in
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
                run: .init(id: id, startedAt: started, toolVersion: ViberRollcall.version), source: source)
            summary.warnings = warnings
            summary.timing.spool = surroundings.uptime() - began
            return WorkRecord(
                summary: summary, key: settings.workKey, spoolSum: sum, sourceState: try settings.source.state())
        } catch {
            try? files.remove()
            throw error
        }
    }

    /// Whether an unfinished run was told what this one is told, and is not too old.
    private func isOurs(_ record: WorkRecord, at started: Timestamp) -> Bool {
        record.key == settings.workKey && isYoung(record, at: started)
    }

    private func isYoung(_ record: WorkRecord, at started: Timestamp) -> Bool {
        let age = Duration.milliseconds(started.milliseconds - record.summary.run.startedAt.milliseconds)
        return age <= settings.resumeWithin
    }

    private func whyNot(_ record: WorkRecord, at started: Timestamp) -> String {
        if settings.isFresh { return "--fresh was given" }
        if record.key != settings.workKey { return "it was for another source, other options for it, or another API" }
        return isYoung(record, at: started)
            ? "there is a newer one" : "it began longer ago than --resume-within allows"
    }

    /// Why an unfinished run cannot be gone on with after all; nil if it can.
    /// `now`: what was read from a source that has no name to know it by.
    private func flaw(in record: WorkRecord, account: Account?, now: WorkRecord?) async throws -> String? {
        if let now, now.spoolSum != record.spoolSum { return "standard input holds other ids now" }
        if let id = account?.id, let earlier = record.summary.account?.id, id != earlier {
            return "it was for the account \(earlier), and the token is now for \(id)"
        }
        let spoolPath = settings.output.work.run(record.run).spool
        let isWhole = try await onBlockingThread {
            try Directories.exists(spoolPath) && Checksum.sha256(of: spoolPath).hex == record.spoolSum
        }
        return isWhole ? nil : "its list of ids is damaged"
    }

    /// Opens the answers of the work.
    func answers(of work: Work) async throws -> (file: AnswerFile, settled: Int) {
        let files = settings.output.work.run(work.record.run)
        let path = files.answers
        let count = work.record.summary.source.unique
        let output = settings.output.path
        return try await onBlockingThread {
            guard work.isContinued, Directories.exists(path) else {
                try FreeSpace.require(bytes: count * Self.bytesAnID, at: output)
                return (try AnswerFile(creating: path, count: count), 0)
            }
            let file = try AnswerFile(opening: path, count: count)
            return (file, try Roll.settled(spoolPath: files.spool, answers: file))
        }
    }

    /// What an id takes on the disk after its spool: an answer, and a row in each file.
    private static var bytesAnID: Int { 32 + 40 + 50 }
}

extension Settings {
    /// What has to be the same for a run to go on with another's work.
    var workKey: String {
        var json = JSONWriter()
        json.beginArray()
        let source = source.options
        let place = source.isStandardInput ? "-" : FilePaths.absolute(source.path)
        for value in [place, source.column, source.table, source.query, source.delimiter.map(String.init)] {
            if let value { json.string(value) } else { json.null() }
        }
        json.bool(source.noHeader)
        json.string(api.baseURL.description)
        json.endArray()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
