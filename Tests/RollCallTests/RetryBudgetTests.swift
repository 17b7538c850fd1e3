import RollCall
import Testing

@Suite struct RetryBudgetTests {
    @Test func `a new budget has a hundred retries`() {
        var budget = RetryBudget()
        for _ in 0..<100 { #expect(budget.spend() == true) }
        #expect(budget.spend() == false)
        #expect(budget.left == 0)
    }

    @Test func `ten successes give one back`() {
        var budget = RetryBudget()
        while budget.spend() {}
        for _ in 0..<9 { budget.succeeded() }
        #expect(budget.spend() == false)
        for _ in 0..<2 { budget.succeeded() }
        #expect(budget.spend() == true)
        #expect(budget.spend() == false)
    }

    @Test func `a budget never exceeds a hundred retries`() {
        var budget = RetryBudget()
        for _ in 0..<5_000 { budget.succeeded() }
        #expect(budget.left == 100)
    }
}
