import Formats
import Foundation
import Model
import TestSupport
import Testing

@testable import Snapshots

@Suite(.needs("python3")) struct SubscribersCSVTests {
    private func text(_ row: SnapshotRow) -> String {
        var out: [UInt8] = []
        var tail = CachedRowSuffix()
        SubscribersCSV.append(row.id[...], row.entry, tail: &tail, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    @Test func `has the documented columns`() {
        #expect(
            CSVText.record(SubscribersCSV.columns)
                == Array("id,online_status,online_status_message,last_online,checked_at,attempts,error\n".utf8))
    }

    @Test(
        arguments: [
            (0, "0,online"), (1, "1,offline"), (2, "2,undisclosed"), (3, "3,tryLater"), (4, "4,unavailable"),
            (5, "5,unknown"), (99, "99,unknown"), (-1, "-1,unknown"), (.max, "9223372036854775807,unknown"),
        ] as [(Int64, String)])
    func `an answered id has its number and its name`(_ status: Int64, _ expected: String) {
        #expect(text(.answered("x", status)) == "x,\(expected),,2026-11-21T23:15:30.042Z,1,\n")
    }

    @Test(
        arguments: [
            (.notAsked, "not_asked"), (.notReturned, "not_returned"), (.failed(.badData), "failed:badData"),
            (.failed(.missingData), "failed:missingData"), (.failed(.timeout), "failed:timeout"),
            (.failed(.connection), "failed:connection"), (.failed(.http(503)), "failed:http_503"),
            (.failed(.api(12)), "failed:api_12"), (.failed(.api(-1)), "failed:api_-1"),
            (.failed(.protocolError), "failed:protocol"), (.failed(.badStatus), "failed:bad_status"),
            (.failed(.conflict), "failed:conflict"),
        ] as [(Outcome, String)])
    func `an id without an answer has the reason`(_ outcome: Outcome, _ expected: String) {
        #expect(text(SnapshotRow("x", outcome, attempts: 7)) == "x,,,,,7,\(expected)\n")
        #expect(Outcome(errorText: expected) == outcome)
    }

    @Test(arguments: [
        "", "not asked", "NOT_ASKED", "failed", "failed:", "failed:http_", "failed:http_x", "failed:api_",
        "failed: timeout",
        "timeout", "failed:timeout ",
    ])
    func `no other text is a reason`(_ text: String) {
        #expect(Outcome(errorText: text) == nil)
    }

    @Test func `times are UTC with milliseconds`() {
        #expect(
            text(.answered("x", 1, lastOnline: 1_551_686_893_588))
                == "x,1,offline,2019-03-04T08:08:13.588Z,2026-11-21T23:15:30.042Z,1,\n")
        #expect(
            text(.answered("x", 1, lastOnline: 1))
                == "x,1,offline,1970-01-01T00:00:00.001Z,2026-11-21T23:15:30.042Z,1,\n")
    }

    @Test(arguments: [
        ("+a/b==", "+a/b=="), ("=1+1", "=1+1"), ("a,b", "\"a,b\""), ("\"", "\"\"\"\""), ("a\nb", "\"a\nb\""),
    ])
    func `an id is quoted and never changed`(_ id: String, _ field: String) {
        #expect(text(SnapshotRow(id, .notAsked, attempts: 0)) == "\(field),,,,,0,not_asked\n")
    }

    /// The row that another reader is expected to see.
    private struct Seen: Encodable {
        var id, error: String
        var status, lastOnline, checkedAt: Int64?
        var attempts: Int

        init(_ row: SnapshotRow) {
            id = String(decoding: row.id, as: UTF8.self)
            attempts = row.entry.attempts
            error = row.entry.outcome.errorText
            guard case .answered(let answer) = row.entry.outcome else { return }
            status = answer.status.rawValue
            lastOnline = answer.lastOnline
            checkedAt = answer.checkedAt.milliseconds
        }
    }

    @Test func `another reader finds the same rows`() async throws {
        var random = SeededRandom(seed: 22)
        let rows = SnapshotRow.random(3_000, of: SnapshotRow.anything, definite: false, using: &random)
        let document = SubscribersCSV.columns.joined(separator: ",") + "\n" + rows.map(text).joined()
        let program = """
            import csv, io, json, sys
            from datetime import datetime, timedelta, timezone
            document, expected = sys.stdin.buffer.read().decode().split("\\0")
            names = ["online", "offline", "undisclosed", "tryLater", "unavailable"]
            def moment(ms):
                if ms is None: return ""
                time = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=ms)
                return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            rows = list(csv.DictReader(io.StringIO(document, newline=""), strict=True))
            expected = json.loads(expected)
            for row, was in zip(rows, expected, strict=True):
                status = was.get("status")
                name = "" if status is None else names[status] if 0 <= status <= 4 else "unknown"
                wanted = {"id": was["id"], "online_status": "" if status is None else str(status),
                    "online_status_message": name, "last_online": moment(was.get("lastOnline")),
                    "checked_at": moment(was.get("checkedAt")), "attempts": str(was["attempts"]), "error": was["error"]}
                if row != wanted: print(row, wanted)
            print(len(rows))
            """
        let expected = Array(try JSONEncoder().encode(rows.map(Seen.init)))
        let result = try await Tool.python(program, input: Array(document.utf8) + [0] + expected)
        #expect(result.output == "3000\n")
        #expect(result.error == "")
    }
}
