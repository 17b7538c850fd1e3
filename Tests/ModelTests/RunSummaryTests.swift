import Model
import Testing

@Suite struct RunSummaryTests {
    @Test func rejectedRowsAreCountedByReasonInTheOrderTheyCame() {
        var source = RunSummary.Source(kind: "csv", name: "list.csv", column: "id")
        #expect(source.rejectedTotal == 0)
        for reason in ["blank", "bad_utf8", "blank", "null", "bad_utf8", "blank"] { source.reject(reason) }
        #expect(source.rejected.map { "\($0.reason) \($0.rows)" } == ["blank 3", "bad_utf8 2", "null 1"])
        #expect(source.rejectedTotal == 6)
    }

    @Test func effortsAddUp() {
        var effort = RequestEffort()
        #expect(effort.requests == 1)
        #expect(effort.throttled == 0)
        var more = RequestEffort()
        more.requests = 3
        more.throttled = 2
        effort += more
        #expect(effort.requests == 4)
        #expect(effort.throttled == 2)
    }
}
