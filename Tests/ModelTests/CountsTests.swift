import Model
import Testing

@Suite struct CountsTests {
    @Test(
        arguments: [
            (answered(0), "online", false), (answered(1), "offline", false), (answered(2), "undisclosed", false),
            (answered(3), "try_later", true), (answered(4), "unavailable", false), (answered(5), "unknown", true),
            (answered(-1), "unknown", true), (.notReturned, "not_returned", true), (.failed(.timeout), "failed", true),
            (.notAsked, "not_asked", true),
        ] as [(Outcome, String, Bool)])
    func `every outcome has its own count`(outcome: Outcome, name: String, isUnresolved: Bool) {
        var counts = Counts()
        counts.add(outcome)
        #expect(counts.byName.filter { $0.value != 0 }.map(\.name) == [name])
        #expect(counts.total == 1)
        #expect(counts.unresolved == (isUnresolved ? 1 : 0))
    }

    @Test func `a snapshot names them in this order`() {
        let names = "online offline undisclosed try_later unavailable unknown not_returned failed not_asked"
        #expect(Counts().byName.map(\.name).joined(separator: " ") == names)
    }

    @Test func `nothing counted is zero`() {
        #expect(Counts().total == 0)
        #expect(Counts().unresolved == 0)
    }

    @Test func `total and unresolved add up`() {
        var counts = Counts()
        let outcomes: [(Outcome, Int)] = [
            (answered(0), 1), (answered(1), 2), (answered(2), 4), (answered(3), 8), (answered(4), 16),
            (answered(9), 32),
            (.notReturned, 64), (.failed(.http(500)), 128), (.notAsked, 256),
        ]
        for (outcome, times) in outcomes { for _ in 0..<times { counts.add(outcome) } }
        #expect(counts.byName.map(\.value) == [1, 2, 4, 8, 16, 32, 64, 128, 256])
        #expect(counts.total == 511)
        #expect(counts.unresolved == 8 + 32 + 64 + 128 + 256)
    }
}
