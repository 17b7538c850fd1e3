import Model
import Testing

@Suite struct RunIDTests {
    @Test(arguments: [
        (0x7f3a, "20261121T231500Z-7f3a"), (0, "20261121T231500Z-0000"), (0xf, "20261121T231500Z-000f"),
        (0x1_0abc, "20261121T231500Z-0abc"), (UInt64.max, "20261121T231500Z-ffff"),
    ])
    func `it is the second and four hex digits`(salt: UInt64, text: String) throws {
        let startedAt = try #require(Timestamp("2026-11-21T23:15:00.999Z"))
        #expect(RunID(startedAt: startedAt, salt: salt).description == text)
    }

    @Test func `runs of one second differ by their salt only`() throws {
        let startedAt = try #require(Timestamp("2026-11-21T23:15:00Z"))
        #expect(RunID(startedAt: startedAt, salt: 1) != RunID(startedAt: startedAt, salt: 2))
        #expect(RunID(startedAt: startedAt, salt: 1) == RunID(startedAt: startedAt, salt: 0x1_0001))
    }

    @Test(arguments: [
        ("20261121T231500Z-7f3a", "20261121T231500Z-7f3a"),
        ("20261120T231500Z-11ce-incomplete", "20261120T231500Z-11ce"),
        ("00000000T000000Z-0000", "00000000T000000Z-0000"),
    ])
    func `directory names are read`(name: String, text: String) {
        #expect(RunID(directoryName: name)?.description == text)
    }

    @Test(arguments: [
        "", "latest", ".work", "history.csv", "-incomplete", "20261121T231500Z", "20261121T231500Z-",
        "20261121T231500Z-7f3", "20261121T231500Z-7f3aa", "20261121T231500Z-7F3A", "20261121T231500Z-7f3g",
        "20261121T231500Z_7f3a", "20261121t231500Z-7f3a", "20261121T231500z-7f3a", "2026112xT231500Z-7f3a",
        "20261121T231500Z-7f3a/", "20261121T231500Z-7f3a.tmp", "20261121T231500Z-7f3a-Incomplete",
        "20261121T231500Z-7f3a-incomplete-incomplete", "20261121T231500Z-7f3aincomplete", " 20261121T231500Z-7f3a",
        "20261121T231500Z-7f3a\n", "２0261121T231500Z-7f3a", "２0261121T231500Z-7f",
    ])
    func `other names are not runs`(name: String) { #expect(RunID(directoryName: name) == nil) }
}
