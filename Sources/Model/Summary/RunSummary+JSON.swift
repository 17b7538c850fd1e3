import Formats

/// `summary.json`, and the first line of `snapshot.json.gz`: keys in the order of the contract.
extension RunSummary {
    package static let fileName = "summary.json"
    static let schema = "viber-rollcall/snapshot/1"

    /// The object without its closing brace.
    package func openJSON() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        Self.write(self, to: &json)
        return json.bytes
    }

    /// The object of `summary.json` on one line.
    package func json(files: [FileFacts]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        Self.write(self, to: &json)
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
