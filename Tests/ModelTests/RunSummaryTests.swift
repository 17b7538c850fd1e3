import Formats
import Model
import Testing

@Suite struct RunSummaryTests {
    @Test func `rejected rows are counted by reason in their order`() {
        var source = RunSummary.Source(kind: "csv", name: "list.csv", column: "id")
        #expect(source.rejectedTotal == 0)
        for reason in ["blank", "bad_utf8", "blank", "null", "bad_utf8", "blank"] { source.reject(reason) }
        #expect(source.rejected.map { "\($0.reason) \($0.rows)" } == ["blank 3", "bad_utf8 2", "null 1"])
        #expect(source.rejectedTotal == 6)
    }

    @Test func `combined rows are counted individually`() {
        var source = RunSummary.Source(kind: "csv", name: "list.csv", column: "id")
        source.reject("blank", rows: 4)
        source.reject("null")
        source.reject("blank", rows: 2)
        #expect(source.rejected.map { "\($0.reason) \($0.rows)" } == ["blank 6", "null 1"])
        #expect(source.rejectedTotal == 7)
    }

    /// The key, kind, name and column of a source.
    struct Source: Sendable {
        var key: String?
        var kind = "csv"
        var name = "list.csv"
        var column = "id"

        var value: RunSummary.Source {
            var source = RunSummary.Source(kind: kind, name: name, column: column)
            source.key = key
            return source
        }
    }

    @Test(
        arguments: [
            (Source(key: "1"), Source(key: "1"), true), (Source(key: "1"), Source(key: "2"), false),
            // If both have a key, the key alone decides.
            (Source(key: "1"), Source(key: "1", name: "other.csv"), true),
            // Version 0.1 wrote no key.
            (Source(), Source(key: "1"), true), (Source(), Source(), true),
            (Source(), Source(key: "1", kind: "sqlite"), false), (Source(), Source(key: "1", name: "other.csv"), false),
            (Source(), Source(key: "1", column: "ID"), false), (Source(), Source(column: "2"), false),
        ] as [(Source, Source, Bool)])
    func `sources are the same by key or else by kind name and column`(_ one: Source, _ other: Source, _ isSame: Bool) {
        #expect(one.value.isSame(as: other.value) == isSame)
        #expect(other.value.isSame(as: one.value) == isSame)
    }

    @Test func `request counts add up`() {
        var requestCounts = RequestCounts()
        #expect(requestCounts.requests == 1)
        #expect(requestCounts.throttled == 0)
        var more = RequestCounts()
        more.requests = 3
        more.throttled = 2
        requestCounts += more
        #expect(requestCounts.requests == 4)
        #expect(requestCounts.throttled == 2)
    }
}
