import Audit
import Model
import Testing

@Suite struct GateTests {
    /// A run of `unique` ids, of which some are unavailable and some have no answer.
    private func run(unavailable: Int, unresolved: Int = 0, unique: Int = 1_000) -> RunSummary {
        let start = Timestamp(milliseconds: 1_795_000_000_000)
        var run = RunSummary(
            run: .init(id: RunID(startedAt: start, salt: 1), startedAt: start, toolVersion: "1"),
            source: .init(kind: "csv", name: "list.csv", column: "id"))
        run.source.unique = unique
        run.counts.unavailable = unavailable
        run.counts.failed = unresolved
        run.counts.online = unique - unavailable - unresolved
        return run
    }

    @Test(arguments: [
        ("unavailable > 20%", true), ("unavailable > 20.5%", false), ("unavailable >= 20.5%", true),
        ("unavailable > 204", true), ("unavailable > 205", false), ("unavailable < 206", true),
        ("unavailable <= 205", true), ("unavailable < 205", false), ("online < 80%", true), ("online > 795", false),
        ("unique < 1000", false), ("unique < 1001", true), ("unresolved > 0", false), ("unavailable+5%", true),
        ("unavailable +5.5%", true), ("unavailable +5.6%", false), ("unavailable +55", true),
        ("unavailable +56", false),
        ("online -5%", true), ("online -6%", false), ("unique -1", false), ("unique +0", true), ("online +1%", false),
    ])
    func `a gate compares the run or the change since the earlier one`(_ text: String, _ isTripped: Bool) throws {
        let gate = try #require(Gate(text))
        let result = gate.result(for: run(unavailable: 205), against: run(unavailable: 150))
        #expect(result.isTripped == isTripped, "\(result.sentence)")
    }

    @Test func `a change of the list is a percentage of the earlier list`() throws {
        let gate = try #require(Gate("unique -10%"))
        let result = gate.result(for: run(unavailable: 1, unique: 900), against: run(unavailable: 1))
        #expect(result.isTripped)
        #expect(result.sentence == "'unique -10%' trips: unique changed by -10.00 %")
        #expect(!gate.result(for: run(unavailable: 1, unique: 901), against: run(unavailable: 1)).isTripped)
    }

    /// An id without an answer may be unavailable, or anything else.
    @Test(arguments: [
        ("unavailable > 20%", true), ("unavailable > 25%", false), ("unavailable < 20%", true),
        ("unavailable < 19%", false), ("unavailable +5%", true), ("unavailable +10%", false),
        ("unresolved >= 60", true),
        ("failed > 60", false),
    ])
    func `ids without an answer count as the worst case`(_ text: String, _ isTripped: Bool) throws {
        let gate = try #require(Gate(text))
        let result = gate.result(for: run(unavailable: 190, unresolved: 60), against: run(unavailable: 190))
        #expect(result.isTripped == isTripped, "\(result.sentence)")
    }

    @Test func `the sentence has the figures`() throws {
        let gate = try #require(Gate("unavailable  >  20%"))
        #expect(
            gate.result(for: run(unavailable: 205), against: nil).sentence
                == "'unavailable > 20%' trips: unavailable is 20.50 %")
        #expect(
            gate.result(for: run(unavailable: 190, unresolved: 60), against: nil).sentence
                == "'unavailable > 20%' trips: unavailable is between 19.00 and 25.00 %")
    }

    @Test func `without an earlier run a change is not evaluated`() throws {
        let result = try #require(Gate("unavailable +0%")).result(for: run(unavailable: 205), against: nil)
        #expect(!result.isTripped)
        #expect(result.sentence == "'unavailable +0%' was not evaluated: there is no earlier run")
    }

    @Test(arguments: [
        "", "unavailable", "unavailable >", "unavailable > x", "unavailable > -5", "gone > 5", "unavailable = 5",
        "unavailable > 5 %%", "unavailable > 5%; rm", "unique > 5%", "Unavailable > 5%", "unavailable > 1e3",
        "unavailable > 12345678901234567890", "unavailable > .5",
    ])
    func `text that is not a gate is refused`(_ text: String) { #expect(Gate(text) == nil) }
}
