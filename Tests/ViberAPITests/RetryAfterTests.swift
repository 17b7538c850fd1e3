import TestSupport
import Testing

@testable import ViberAPI

@Suite struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT, the date of the RFC.
    private static let time: Int64 = 784_111_777

    @Test(
        arguments: [
            ([], nil), (["5"], 5), ([" 5 "], 5), (["\t5\t"], 5), (["0"], 0), (["00120"], 120), (["86400"], 86_400),
            (["86401"], 86_400), (["99999999999999999999"], 86_400), (["9223372036854775808"], 86_400),
            (["000000000000000000000000000007"], 7), (["-1"], nil), (["+1"], nil), (["abc"], nil), ([""], nil),
            ([" "], nil), (["1e300"], nil), (["1.5"], nil), (["0x10"], nil), (["5s"], nil), (["1 2"], nil),
            (["5, 7"], nil), (["٥"], nil), (["5\u{301}"], nil),
            (["5", "7"], 5), (["7", "5"], 7), (["abc", "7"], 7), (["", "-1", " 3"], 3), (["abc", "-1"], nil),
            (["Sun, 06 Nov 1994 08:49:37 GMT", "7"], 0), (["soon", "Sun, 06 Nov 1994 08:49:39 GMT"], 2),
        ] as [([String], Int64?)])
    func `only whole seconds are read`(_ values: [String], _ expected: Int64?) {
        #expect(RetryAfter.wait(values, now: Self.time) == expected.map { .seconds($0) })
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0), ("Sun, 06 Nov 1994 08:49:38 GMT", 1),
        ("Sun, 06 Nov 1994 08:59:37 GMT", 600), ("Sun, 6 Nov 1994 09:49:37 GMT", 3_600),
        (" Sun, 06 Nov 1994 08:50:37 GMT ", 60), ("Sun, 06 Nov 1994 08:49:60 GMT", 23),
        ("Mon, 07 Nov 1994 08:49:37 GMT", 86_400), ("Tue, 08 Nov 1994 08:49:37 GMT", 86_400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400), ("Sun, 06 Nov 1994 08:49:36 GMT", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ])
    func `a date is a wait from now and never negative`(_ date: String, _ expected: Int64) {
        #expect(RetryAfter.wait([date], now: Self.time) == .seconds(expected))
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun 06 Nov 1994 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 11 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 Nov 1969 08:49:37 GMT", "Sun, 06 Nov 10000 08:49:37 GMT",
        "Sun, 06 Nov -994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37:00 GMT",
        "Sun, 06 Nov 1994 08:-9:37 GMT", "Sun, 06 Nov 1994 ::  GMT", "Sun, 06 Nov 1994 :: GMT",
        "Sun, 99999999999999999999 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z", ", , , , , GMT",
    ])
    func `other date formats count as absent`(_ date: String) {
        #expect(RetryAfter.wait([date], now: 0) == nil)
    }

    @Test(arguments: [Int64.min / 2, -1, 0, .max])
    func `any clock time is accepted`(_ now: Int64) {
        let expected: Duration = now == .max ? .zero : .seconds(86_400)
        #expect(RetryAfter.wait(["Fri, 31 Dec 9999 23:59:59 GMT"], now: now) == expected)
        #expect(RetryAfter.wait(["5"], now: now) == .seconds(5))
    }

    @Test(.needs("python3")) func `every date equals that of Python`() async throws {
        let program = """
            import email.utils, random
            random.seed(4)
            last = 253402300799
            times = [0, 951782399, 951782400, 951868799, 951868800, 4107542399, 4107542400, 1709164800, last]
            for time in times + [random.randrange(0, last if n % 2 else 2**32) for n in range(300)]:
                text = email.utils.formatdate(time, usegmt=True)
                assert email.utils.parsedate_to_datetime(text).timestamp() == time
                print(time, text, sep="\\t")
            """
        let result = try await Tool.python(program)
        try #require(result.code == 0, "\(result.error)")
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 309)
        var random = SeededRandom(seed: 5)
        for line in lines {
            let parts = line.split(separator: "\t")
            let time = try #require(Int64(parts[0]))
            for wait in [0, 1, 86_399, Int64.random(in: 0..<86_400, using: &random)] {
                #expect(RetryAfter.wait([String(parts[1])], now: time - wait) == .seconds(wait), "\(line)")
            }
            #expect(RetryAfter.wait([String(parts[1])], now: time + 1) == .zero)
        }
    }

    @Test func `any bytes are accepted`() {
        var random = SeededRandom(seed: 6)
        let pieces = ["Sun,", "06", "Nov", "1994", "08:49:37", "GMT", " ", "  ", ":", "9999", "-", ",", "\t"]
            .map { Array($0.utf8) }
        var read = 0
        for round in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                switch round % 4 {
                case 0: bytes.append(UInt8.random(in: 0...255, using: &random))
                case 1: bytes.append(UInt8.random(in: 0x30...0x3A, using: &random))
                default: bytes += pieces.randomElement(using: &random) ?? []
                }
            }
            if round % 4 == 3 {
                // A good date with some bytes changed.
                bytes = Array("Sun, 06 Nov 1994 08:49:37 GMT".utf8)
                for _ in 0..<Int.random(in: 0...2, using: &random) {
                    let index = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[index] = UInt8.random(in: 0x20...0x7E, using: &random)
                }
            }
            guard let wait = RetryAfter.wait([String(decoding: bytes, as: UTF8.self)], now: 0) else { continue }
            read += 1
            if wait < .zero || wait > .seconds(86_400) { Issue.record("\(wait) for \(bytes)") }
        }
        #expect(read > 2_000)
        #expect(read < 15_000)
    }
}
