package import Formats
import Foundation

extension RunSummary {
    /// Parses a summary.
    ///
    /// - Parameter content: JSON with the members of a summary; other members are ignored.
    /// - Returns: the summary, its list of the other files, and all members of the JSON object.
    /// - Throws: `DamagedSnapshot` if the content is malformed.
    package static func read(_ content: [UInt8]) throws(DamagedSnapshot) -> (RunSummary, [ManifestEntry], [JSONMember])
    {
        guard (try? UTF8Span(validating: content.span)) != nil,
            (try? JSONSerialization.jsonObject(with: Data(content))) != nil,
            let document = try? JSONDecoder().decode(SummaryDocument.self, from: Data(content)),
            let members = JSONMember.members(of: content), let summary = document.summary(members)
        else { throw DamagedSnapshot("\(fileName) is not the summary of a run") }
        guard document.schema == schema else {
            throw DamagedSnapshot(
                "\(fileName) has the schema '\(document.schema)', not \(schema)")
        }
        let files = document.files.map {
            ManifestEntry(name: $0.name, rows: $0.rows, bytes: $0.bytes, sha256: $0.sha256)
        }
        return (summary, files, members)
    }
}

/// The decodable form of `summary.json`.
private struct SummaryDocument: Decodable {
    var schema: String
    var run: Run
    var source: Source
    var accountError: String?
    var counts: [String: Int]
    var api: [String: Int]
    var timing: [String: Double]
    var warnings: [String]?
    var files: [File]

    enum CodingKeys: String, CodingKey {
        case schema, run, source, counts, api, timing, warnings, files
        case accountError = "account_error"
    }

    struct Run: Decodable {
        var id, started_at, finished_at, tool_version: String
        var complete: Bool
        var exit_code: Int32
        var passes, resumed: Int
    }

    struct Source: Decodable {
        var kind, name, column: String
        var key: String?
        var rows_read, accepted, duplicates, unique: Int
        var trimmed: Int?
    }

    struct File: Decodable {
        var name, sha256: String
        var rows, bytes: Int
    }

    private var numbers: [Int] {
        [run.passes, run.resumed, source.rows_read, source.accepted, source.duplicates, source.unique]
            + [source.trimmed ?? 0] + Array(counts.values) + Array(api.values) + files.flatMap { [$0.rows, $0.bytes] }
    }

    /// Converts to a summary; nil if a value is invalid. `members` are those of the same document, in their order.
    fileprivate func summary(_ members: [JSONMember]) -> RunSummary? {
        guard numbers.allSatisfy(RunSummary.plausible.contains), let id = RunID(directoryName: run.id),
            let started = Timestamp(run.started_at),
            let finished = Timestamp(run.finished_at), let counts = Counts(named: counts)
        else { return nil }
        var summary = RunSummary(
            run: .init(id: id, startedAt: started, toolVersion: run.tool_version),
            source: .init(kind: source.kind, name: source.name, column: source.column)
        )
        summary.run.finishedAt = finished
        summary.run.complete = run.complete
        summary.run.exitCode = run.exit_code
        summary.run.passes = run.passes
        summary.run.resumed = run.resumed
        summary.source.key = source.key
        summary.source.rowsRead = source.rows_read
        summary.source.accepted = source.accepted
        summary.source.duplicates = source.duplicates
        summary.source.unique = source.unique
        summary.source.trimmed = source.trimmed ?? 0
        let ofSource = members.first { $0.name == "source" }.flatMap { JSONMember.members(of: $0.json) } ?? []
        let rejected = ofSource.first { $0.name == "rejected" }.flatMap { JSONMember.members(of: $0.json) } ?? []
        var rejectedTotal = 0
        for reason in rejected {
            guard let rows = reason.integer, RunSummary.plausible.contains(rows) else { return nil }
            rejectedTotal += rows
            guard RunSummary.plausible.contains(rejectedTotal) else { return nil }
            summary.source.rejected.append(.init(reason: reason.name, rows: rows))
        }
        summary.account = members.first { $0.name == "account" }.flatMap { JSONMember.members(of: $0.json) }
            .map(Account.init(fields:))
        summary.accountError = accountError
        summary.counts = counts
        summary.api.requests = api["requests"] ?? 0
        summary.api.retries = api["retries"] ?? 0
        summary.api.throttled = api["throttled"] ?? 0
        summary.api.extraUsers = api["extra_users"] ?? 0
        summary.api.statusMessageMismatches = api["status_message_mismatches"] ?? 0
        summary.api.duplicateUsers = api["duplicate_users"] ?? 0
        summary.timing.spool = timing["spool_s"] ?? 0
        summary.timing.asking = timing["asking_s"] ?? 0
        summary.timing.publish = timing["publish_s"] ?? 0
        summary.timing.total = timing["total_s"] ?? 0
        summary.warnings = warnings ?? []
        return summary
    }
}

extension Counts {
    /// Nil if a count is missing.
    fileprivate init?(named: [String: Int]) {
        self.init()
        for kind in OutcomeKind.allCases {
            guard let number = named[kind.name] else { return nil }
            self[kind] = number
        }
    }
}
