import Formats

/// Writes `summary.json` and the first line of `snapshot.json.gz`, with the keys in the documented order. It is not
/// with the other published formats because the record of an unfinished run (`Journal`) also contains it.
extension RunSummary {
    package static let fileName = SnapshotFile.summary.rawValue
    static let schema = "viber-rollcall/snapshot/1"

    /// The object without its closing brace.
    package func openJSON() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        Self.write(self, to: &json)
        return json.bytes
    }

    /// The object of `summary.json` on one line.
    package func json(files: [ManifestEntry]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        Self.write(self, to: &json)
        json.key("files")
        json.beginArray()
        for file in files {
            json.beginObject()
            json.member("name", file.name)
            json.member("rows", file.rows)
            json.member("bytes", file.bytes)
            json.member("sha256", file.sha256)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    private static func write(_ summary: RunSummary, to json: inout JSONWriter) {
        json.member("schema", schema)
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
            json.member(count.name, count.value)
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
        json.member("id", run.id.description)
        json.member("started_at", run.startedAt.seconds)
        json.member("finished_at", run.finishedAt.seconds)
        json.member("tool_version", run.toolVersion)
        json.member("complete", run.complete)
        json.key("exit_code")
        json.integer(Int64(run.exitCode))
        json.member("passes", run.passes)
        json.member("resumed", run.resumed)
        json.endObject()
    }

    private static func write(_ source: RunSummary.Source, to json: inout JSONWriter) {
        json.beginObject()
        json.member("kind", source.kind)
        json.member("name", source.name)
        if let key = source.key {
            json.member("key", key)
        }
        json.member("column", source.column)
        json.member("rows_read", source.rowsRead)
        json.member("accepted", source.accepted)
        json.member("duplicates", source.duplicates)
        json.key("rejected")
        json.beginObject()
        for rejected in source.rejected {
            json.member(rejected.reason, rejected.rows)
        }
        json.endObject()
        json.member("unique", source.unique)
        json.member("trimmed", source.trimmed)
        json.endObject()
    }

    private static func write(_ api: RunSummary.APIUsage, to json: inout JSONWriter) {
        json.beginObject()
        for (name, value) in [
            ("requests", api.requests), ("retries", api.retries), ("throttled", api.throttled),
            ("extra_users", api.extraUsers), ("status_message_mismatches", api.statusMessageMismatches),
            ("duplicate_users", api.duplicateUsers),
        ] {
            json.member(name, value)
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
