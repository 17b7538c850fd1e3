import Model
import TestSupport
import Testing

@Suite struct TimestampTests {
    private static let endOf9999: Int64 = 253_402_300_799_999

    /// The hard cases of calendar arithmetic: ends of years, leap days of all three rules, the last second.
    private static let edges: [Int64] = [
        0, 1, 999, 1_000, 86_399_999, 86_400_000, 951_782_399_999, 951_782_400_000, 951_868_800_000, 1_709_164_800_000,
        1_709_251_199_999, 4_107_542_400_000, 4_107_542_399_999, 13_574_563_200_000, endOf9999 - 1, endOf9999,
    ]

    @Test func `all three forms equal those of Python`() async throws {
        var random = SeededRandom(seed: 1)
        let moments = Self.edges + (0..<3_000).map { _ in Int64.random(in: 0...Self.endOf9999, using: &random) }
        let program = """
            import datetime, sys
            start = datetime.datetime(1970, 1, 1)
            for line in sys.stdin:
                time = start + datetime.timedelta(milliseconds=int(line))
                print(time.isoformat(timespec="milliseconds") + "Z", time.strftime("%Y-%m-%dT%H:%M:%SZ %Y%m%dT%H%M%SZ"))
            """
        let lines = try await pythonLines(program, input: moments.map(String.init).joined(separator: "\n"))
        try #require(lines.count == moments.count)
        for (moment, line) in zip(moments, lines) {
            let time = Timestamp(milliseconds: moment)
            #expect("\(time.text) \(time.seconds) \(time.stamp)" == line)
        }
    }

    @Test func `the text that Python writes is read correctly`() async throws {
        let program = """
            import datetime, random
            random.seed(2)
            start = datetime.datetime(1970, 1, 1)
            for _ in range(2000):
                moment = random.randrange(253402300800000)
                time = start + datetime.timedelta(milliseconds=moment)
                print(moment, time.isoformat(timespec="milliseconds") + "Z", time.isoformat(timespec="seconds") + "Z")
            """
        for line in try await pythonLines(program) {
            let parts = line.split(separator: " ").map(String.init)
            let moment = try #require(Int64(parts[0]))
            #expect(Timestamp(parts[1])?.milliseconds == moment)
            #expect(Timestamp(parts[2])?.milliseconds == moment / 1_000 * 1_000)
        }
    }

    @Test func `every text is read back`() {
        var random = SeededRandom(seed: 3)
        let moments = Self.edges + (0..<2_000).map { _ in Int64.random(in: 0...Int64.max, using: &random) }
        for moment in moments {
            let time = Timestamp(milliseconds: moment)
            #expect(Timestamp(time.text) == time)
        }
    }

    @Test(arguments: [
        (253_402_300_800_000, "+10000-01-01T00:00:00.000Z"),
        (Int64.max, "+292278994-08-17T07:12:55.807Z"),
    ])
    func `years after 9999 have a sign`(moment: Int64, text: String) {
        #expect(Timestamp(milliseconds: moment).text == text)
        #expect(Timestamp(text)?.milliseconds == moment)
    }

    @Test(arguments: [
        "", "Z", "2026", "2026-11-21", "2026-11-21T23:15:00", "2026-11-21T23:15:00.123", "2026-11-21 23:15:00Z",
        "2026-11-21t23:15:00Z", "2026-11-21T23:15:00z", "2026-11-21T23:15Z", "2026-11-21T23:15:00+00:00",
        "2026-11-21T23:15:00.Z", "2026-11-21T23:15:00.1Z", "2026-11-21T23:15:00.12Z", "2026-11-21T23:15:00.1234Z",
        "2026-11-21T23:15:00,123Z", "2026-11-21T23:15:00Z ", " 2026-11-21T23:15:00Z", "2026-11-21T23:15:00ZZ",
        "2026-00-21T23:15:00Z", "2026-13-21T23:15:00Z", "2026-11-00T23:15:00Z", "2026-11-32T23:15:00Z",
        "2026-11-31T23:15:00Z", "2026-02-29T00:00:00Z", "2024-02-30T00:00:00Z", "2100-02-29T00:00:00Z",
        "2026-11-21T24:00:00Z", "2026-11-21T23:60:00Z", "2026-11-21T23:15:60Z", "2026-1-21T23:15:00Z",
        "26-11-21T23:15:00Z", "20261121T231500Z", "-2026-11-21T23:15:00Z", "+2026-11-21T23:15:00Z",
        "12026-11-21T23:15:00Z", "+1a026-11-21T23:15:00Z", "+-10000-01-01T00:00:00Z", "２026-11-21T23:15:00Z",
        "+292278994-08-17T07:12:55.808Z", "+999999999-12-31T23:59:59.999Z", "+99999999999-12-31T23:59:59.999Z",
        "+100000000000000000000-01-01T00:00:00Z", "+", "+-", "+12026",
    ])
    func `any other text is not a time`(text: String) { #expect(Timestamp(text) == nil) }

    @Test(
        arguments: [
            ("2024-02-29T00:00:00Z", 1_709_164_800_000), ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("1970-01-01T00:00:00.001Z", 1), ("2026-12-31T23:59:59.999Z", 1_798_761_599_999),
        ] as [(String, Int64)])
    func `last days of months are read`(text: String, moment: Int64) {
        #expect(Timestamp(text)?.milliseconds == moment)
    }

    @Test func `appending keeps the existing bytes`() {
        var line = Array("id,".utf8)
        Timestamp(milliseconds: 951_782_400_123).append(to: &line)
        #expect(String(decoding: line, as: UTF8.self) == "id,2000-02-29T00:00:00.123Z")
        #expect(Timestamp(bytes: line[3...])?.milliseconds == 951_782_400_123)
    }

    @Test func `later is greater`() {
        #expect(Timestamp(milliseconds: 1) < Timestamp(milliseconds: 2))
        #expect(!(Timestamp(milliseconds: 2) < Timestamp(milliseconds: 2)))
    }

    /// Times from a file can have any value; their difference is clamped to 64 bits.
    @Test func `any two times have a difference`() {
        let times = [Int64.min, -1, 0, 1, .max].map(Timestamp.init(milliseconds:))
        for (index, later) in times.enumerated() {
            for (other, earlier) in times.enumerated() {
                let difference = later.milliseconds(since: earlier)
                #expect((difference > 0) == (index > other))
                #expect((difference < 0) == (index < other))
            }
        }
        #expect(times[4].milliseconds(since: times[0]) == .max)
        #expect(times[0].milliseconds(since: times[4]) == .min)
        #expect(times[3].milliseconds(since: times[1]) == 2)
    }
}
