import Formats
import Model
import TestSupport
import Testing

@testable import Snapshots

@Suite(.needs("python3")) struct SnapshotJSONTests {
    /// The content of `snapshot.json.gz` for `rows`.
    private func document(_ summary: RunSummary, _ rows: [SnapshotRow]) -> [UInt8] {
        var json = summary.openJSON() + SnapshotJSON.beforeRows
        var tail = CachedRowSuffix()
        for (index, row) in rows.enumerated() {
            SnapshotJSON.append(row.id[...], row.entry, isLast: index + 1 == rows.count, tail: &tail, to: &json)
        }
        return json + SnapshotJSON.afterRows
    }

    private func line(_ row: SnapshotRow) -> String {
        var json: [UInt8] = []
        var tail = CachedRowSuffix()
        SnapshotJSON.append(row.id[...], row.entry, isLast: true, tail: &tail, to: &json)
        return String(decoding: json, as: UTF8.self)
    }

    @Test func `a subscriber is one line with null for missing values`() {
        #expect(
            line(.answered("a/b", 1, lastOnline: 1_551_686_893_588, attempts: 2))
                == #"{"id":"a/b","online_status":1,"online_status_message":"offline","last_online":1551686893588,"#
                + #""checked_at":"2026-11-21T23:15:30.042Z","attempts":2,"error":null}"# + "\n")
        #expect(
            line(.answered("\"\\\n", 99))
                == #"{"id":"\"\\\n","online_status":99,"online_status_message":"unknown","last_online":null,"#
                + #""checked_at":"2026-11-21T23:15:30.042Z","attempts":1,"error":null}"# + "\n")
        #expect(
            line(SnapshotRow("x", .failed(.http(503)), attempts: 5))
                == #"{"id":"x","online_status":null,"online_status_message":null,"last_online":null,"#
                + #""checked_at":null,"attempts":5,"error":"failed:http_503"}"# + "\n")
    }

    /// Prints the keys of every object in order, then every value that is not an object or a list.
    private static let outline = """
        import json, sys
        def walk(path, value):
            if isinstance(value, tuple):
                print(path or ".", "{" + " ".join(key for key, _ in value) + "}")
                for key, inner in value: walk(path + "." + key, inner)
            elif isinstance(value, list):
                print(path, "[" + str(len(value)) + "]")
                for inner in value: walk(path + "[]", inner)
            else: print(path, json.dumps(value))
        walk("", json.loads(sys.stdin.read(), object_pairs_hook=tuple, parse_float=str))
        """

    @Test func `has the documented keys in their order`() async throws {
        var run = SampleRun(rows: [.answered("a", 0), SnapshotRow("b", .notReturned)])
        run.add(duplicates: 2, rejected: [(3, "blank", [], 1), (5, "id_too_long", [], 1), (9, "blank", [], 1)])
        var summary = run.summary
        summary.counts.online = 1
        summary.counts.notReturned = 1
        summary.run.finishedAt = SampleRun.finishedAt
        summary.run.exitCode = 3
        summary.timing.publish = 0.25
        summary.timing.total = 61.25
        let result = try await Tool.python(Self.outline, input: document(summary, run.rows))
        #expect(
            result.output == """
                . {schema run source account counts api timing warnings subscribers}
                .schema "viber-rollcall/snapshot/1"
                .run {id started_at finished_at tool_version complete exit_code passes resumed}
                .run.id "20261121T231500Z-7f3a"
                .run.started_at "2026-11-21T23:15:00Z"
                .run.finished_at "2026-11-21T23:16:01Z"
                .run.tool_version "1.2.3"
                .run.complete false
                .run.exit_code 3
                .run.passes 2
                .run.resumed 1
                .source {kind name key column rows_read accepted duplicates rejected unique trimmed}
                .source.kind "csv"
                .source.name "subscribers.csv"
                .source.key "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"
                .source.column "id"
                .source.rows_read 7
                .source.accepted 4
                .source.duplicates 2
                .source.rejected {blank id_too_long}
                .source.rejected.blank 2
                .source.rejected.id_too_long 1
                .source.unique 2
                .source.trimmed 0
                .account {id name location subscribers_count}
                .account.id "pa:1234567890123456789"
                .account.name "Bot, \\"one\\""
                .account.location {lat}
                .account.location.lat "1.10"
                .account.subscribers_count 35
                .counts {online offline undisclosed try_later unavailable unknown not_returned failed not_asked}
                .counts.online 1
                .counts.offline 0
                .counts.undisclosed 0
                .counts.try_later 0
                .counts.unavailable 0
                .counts.unknown 0
                .counts.not_returned 1
                .counts.failed 0
                .counts.not_asked 0
                .api {requests retries throttled extra_users status_message_mismatches duplicate_users}
                .api.requests 3
                .api.retries 1
                .api.throttled 0
                .api.extra_users 0
                .api.status_message_mismatches 0
                .api.duplicate_users 0
                .timing {spool_s asking_s publish_s total_s}
                .timing.spool_s "0.125"
                .timing.asking_s "60.500"
                .timing.publish_s "0.250"
                .timing.total_s "61.250"
                .warnings [1]
                .warnings[] "one \\"warning\\""
                .subscribers [2]
                .subscribers[] {id online_status online_status_message last_online checked_at attempts error}
                .subscribers[].id "a"
                .subscribers[].online_status 0
                .subscribers[].online_status_message "online"
                .subscribers[].last_online null
                .subscribers[].checked_at "2026-11-21T23:15:30.042Z"
                .subscribers[].attempts 1
                .subscribers[].error null
                .subscribers[] {id online_status online_status_message last_online checked_at attempts error}
                .subscribers[].id "b"
                .subscribers[].online_status null
                .subscribers[].online_status_message null
                .subscribers[].last_online null
                .subscribers[].checked_at null
                .subscribers[].attempts 1
                .subscribers[].error "not_returned"

                """)
    }

    @Test func `a missing account is null and has a reason`() async throws {
        var summary = SampleRun(rows: []).summary
        summary.account = nil
        summary.accountError = "no answer"
        let program = """
            import json, sys
            document = json.loads(sys.stdin.read())
            print(list(document)[:5], document["account"], document["account_error"], document["subscribers"])
            """
        let result = try await Tool.python(program, input: document(summary, []))
        #expect(
            result.output == "['schema', 'run', 'source', 'account', 'account_error'] None no answer []\n")
    }

    @Test func `the summary lists the other files`() async throws {
        let files = [ManifestEntry(name: "subscribers.csv.gz", rows: 2, bytes: 99, sha256: "0a")]
        let program = """
            import json, sys
            document = json.loads(sys.stdin.read())
            print(list(document)[-2:], "subscribers" in document, document["files"])
            """
        let summary = SampleRun(rows: []).summary
        let oneLine = summary.json(files: files)
        #expect(!oneLine.contains(0x0A))
        for form in [oneLine, JSONText.indented(oneLine)] {
            let result = try await Tool.python(program, input: form)
            #expect(
                result.output == "['warnings', 'files'] False "
                    + "[{'name': 'subscribers.csv.gz', 'rows': 2, 'bytes': 99, 'sha256': '0a'}]\n")
        }
    }
}
