import Model
import TestSupport
import Testing

@testable import Sandbox

@Suite(.needs("python3")) struct SimulatedStatusTests {
    /// Computes status, last_online and whether tryLater comes first for ids on standard input, by the documented rule.
    private static let rule = """
        import sys
        counts = {}
        for line in sys.stdin.read().splitlines():
            id, *given = line.split(" ")
            h = 0xcbf29ce484222325
            for byte in bytes.fromhex(id): h = (h ^ byte) * 0x100000001b3 % 2**64
            p = h % 100
            status = 0 if p < 30 else 1 if p < 65 else 2 if p < 80 else 4
            last = {0: "nil", 1: str(1767225600000 - h // 5000 % 31536000 * 1000)}.get(status, "0")
            put_off = [str(h // 100 % every == 0).lower() for every in (50, 1, 7)]
            if [str(status), last, *put_off] != given: print(line, status, last, put_off)
            counts[status] = counts.get(status, 0) + 1
        print(sorted(counts))
        """

    @Test func `is the documented function`() async throws {
        var random = SeededRandom(seed: 61)
        var lines = ""
        let made = SampleIDs.ids(2_000).map { Array($0.utf8) }
        let others = (0..<2_000).map { _ in
            (0..<Int.random(in: 1...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        for id in made + others {
            let hex = id.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            let last = SimulatedStatus.lastOnline(of: id).map(String.init) ?? "nil"
            let putOff = [50, 1, 7].map { String(SimulatedStatus.isTryLaterFirst(id, every: $0)) }
            lines += ([hex, "\(SimulatedStatus.status(of: id).rawValue)", last] + putOff).joined(separator: " ") + "\n"
        }
        let result = try await Tool.python(Self.rule, input: Array(lines.utf8))
        #expect(result.output == "[0, 1, 2, 4]\n")
        #expect(result.error == "")
    }

    @Test func `no id gets tryLater first if every is zero`() {
        #expect(SampleIDs.ids(1_000).allSatisfy { !SimulatedStatus.isTryLaterFirst($0.utf8, every: 0) })
    }
}
