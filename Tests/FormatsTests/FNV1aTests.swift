import Formats
import TestSupport
import Testing

@Suite struct FNV1aTests {
    /// Test vectors of the draft (draft-eastlake-fnv, appendix C).
    @Test(
        arguments: [
            ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("b", 0xaf63_df4c_8601_f1a5),
            ("foobar", 0x8594_4171_f739_67e8),
        ] as [(String, UInt64)])
    func `the known vectors hold`(text: String, hash: UInt64) { #expect(FNV1a.hash(text.utf8) == hash) }

    @Test func `other languages get the same hash`() async throws {
        var random = SeededRandom(seed: 10)
        let ids = (0..<300).map { _ in Array(random.text(upTo: 30).utf8) }
        let program = """
            import sys
            for line in sys.stdin:
                value = 0xcbf29ce484222325
                for byte in bytes.fromhex(line):
                    value = (value ^ byte) * 0x100000001b3 % 2**64
                print(value)
            """
        let lines = try await pythonLines(program, input: ids.map { hex($0) + "\n" }.joined())
        #expect(lines == ids.map { String(FNV1a.hash($0)) })
    }
}
