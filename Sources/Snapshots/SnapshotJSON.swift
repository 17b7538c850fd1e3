import Formats
import Model

/// The JSON forms of a snapshot: `snapshot.json.gz` and `summary.json`, keys in the order of the contract.
///
/// `snapshot.json.gz` has all but the subscribers on its first line and then one subscriber a line, so that it can be
/// read line by line as well as whole.
enum SnapshotJSON {
    static let fileName = "snapshot.json.gz"
    static let summaryName = "summary.json"
    static let schema = "viber-rollcall/snapshot/1"

    /// What stands between the first line's object, left open, and the first subscriber.
    static let beforeRows = Array("\n,\"subscribers\":[\n".utf8)
    static let afterRows = Array("]}\n".utf8)

    /// The object without its closing brace.
    static func head(_ summary: RunSummary) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        write(summary, to: &json)
        return json.bytes
    }

    /// The object of `summary.json` on one line.
    static func summary(_ summary: RunSummary, files: [FileFacts]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        write(summary, to: &json)
        json.key("files")
        json.beginArray()
        for file in files {
            json.beginObject()
            json.key("name")
            json.string(file.name)
            json.key("rows")
            json.integer(file.rows)
            json.key("bytes")
            json.integer(file.bytes)
            json.key("sha256")
            json.string(file.sha256)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    /// One subscriber on a line, with a comma behind it unless it is the last.
    ///
    /// `tail`: the same for all lines of a file.
    static func append(
        _ id: ArraySlice<UInt8>,
        _ entry: RollEntry,
        isLast: Bool,
        tail: inout RowTail,
        to out: inout [UInt8]
    ) {
        out.append(contentsOf: opening)
        JSONText.escape(id, into: &out)
        if case .answered(let answer) = entry.outcome {
            if answer.status.isDocumented {
                out.append(contentsOf: documented[Int(answer.status.rawValue)])
            } else {
                out.append(contentsOf: text(of: answer.status))
            }
            if let time = answer.lastOnline {
                Decimal.append(time, to: &out)
            } else {
                out.append(contentsOf: "null".utf8)
            }
            tail.append(answer.checkedAt, entry.attempts, to: &out) { out in
                out.append(contentsOf: ",\"checked_at\":\"".utf8)
                answer.checkedAt.append(to: &out)
                out.append(contentsOf: "\",\"attempts\":".utf8)
                Decimal.append(Int64(entry.attempts), to: &out)
                out.append(contentsOf: ",\"error\":null}".utf8)
            }
        } else {
            out.append(contentsOf: Self.unanswered)
            Decimal.append(Int64(entry.attempts), to: &out)
            out.append(contentsOf: ",\"error\":\"".utf8)
            out.append(contentsOf: entry.outcome.errorText.utf8)
            out.append(contentsOf: "\"}".utf8)
        }
        if !isLast { out.append(UInt8(ascii: ",")) }
        out.append(0x0A)
    }

    private static let opening = Array("{\"id\":\"".utf8)

    /// What stands between id and `last_online`.
    private static func text(of status: OnlineStatus) -> [UInt8] {
        let name = "\"online_status_message\":\"\(status.name)\""
        return Array("\",\"online_status\":\(status.rawValue),\(name),\"last_online\":".utf8)
    }

    private static let documented = (0...4).map { text(of: OnlineStatus(rawValue: $0)) }

    private static let unanswered = Array(
        "\",\"online_status\":null,\"online_status_message\":null,\"last_online\":null,\"checked_at\":null,\"attempts\":"
            .utf8)

    private static func write(_ summary: RunSummary, to json: inout JSONWriter) {
        json.key("schema")
        json.string(schema)
        json.key("run")
        write(summary.run, to: &json)
        json.key("source")
        write(summary.source, to: &json)
        json.key("account")
        if let account = summary.account {
            account.write(to: &json)
        } else {
            json.null()
            json.key("account_error")
            json.optional(summary.accountError)
        }
        json.key("counts")
        json.beginObject()
        for count in summary.counts.byName {
            json.key(count.name)
            json.integer(count.value)
        }
        json.endObject()
        json.key("api")
        write(summary.api, to: &json)
        json.key("timing")
        write(summary.timing, to: &json)
        json.key("warnings")
        json.beginArray()
        for warning in summary.warnings { json.string(warning) }
        json.endArray()
    }

    private static func write(_ run: RunSummary.Run, to json: inout JSONWriter) {
        json.beginObject()
        json.key("id")
        json.string(run.id.description)
        json.key("started_at")
        json.string(run.startedAt.seconds)
        json.key("finished_at")
        json.string(run.finishedAt.seconds)
        json.key("tool_version")
        json.string(run.toolVersion)
        json.key("complete")
        json.bool(run.complete)
        json.key("exit_code")
        json.integer(Int64(run.exitCode))
        json.key("passes")
        json.integer(run.passes)
        json.key("resumed")
        json.integer(run.resumed)
        json.endObject()
    }

    private static func write(_ source: RunSummary.Source, to json: inout JSONWriter) {
        json.beginObject()
        json.key("kind")
        json.string(source.kind)
        json.key("name")
        json.string(source.name)
        if let key = source.key {
            json.key("key")
            json.string(key)
        }
        json.key("column")
        json.string(source.column)
        json.key("rows_read")
        json.integer(source.rowsRead)
        json.key("accepted")
        json.integer(source.accepted)
        json.key("duplicates")
        json.integer(source.duplicates)
        json.key("rejected")
        json.beginObject()
        for rejected in source.rejected {
            json.key(rejected.reason)
            json.integer(rejected.rows)
        }
        json.endObject()
        json.key("unique")
        json.integer(source.unique)
        json.key("trimmed")
        json.integer(source.trimmed)
        json.endObject()
    }

    private static func write(_ api: RunSummary.APIUse, to json: inout JSONWriter) {
        json.beginObject()
        for (name, value) in [
            ("requests", api.requests), ("retries", api.retries), ("throttled", api.throttled),
            ("extra_users", api.extraUsers), ("status_message_mismatches", api.statusMessageMismatches),
            ("duplicate_users", api.duplicateUsers),
        ] {
            json.key(name)
            json.integer(value)
        }
        json.endObject()
    }

    private static func write(_ timing: RunSummary.Timing, to json: inout JSONWriter) {
        json.beginObject()
        for (name, value) in [
            ("spool_s", timing.spool), ("asking_s", timing.asking), ("publish_s", timing.publish),
            ("total_s", timing.total),
        ] {
            json.key(name)
            json.seconds(value)
        }
        json.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func optional(_ value: String?) { if let value { string(value) } else { null() } }
}
