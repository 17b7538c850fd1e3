import Foundation
import FuzzKit

@testable import ViberAPI

/// The input is the values of `Retry-After` headers, one per line.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let lines = bytes(start, count).split(separator: 0x0A, omittingEmptySubsequences: false)
    RetryAfterValues(lines: lines.map { String(decoding: $0, as: UTF8.self) }).check()
    return 0
}

struct RetryAfterValues {
    var lines: [String]

    private static let longest: Int64 = 86_400

    func check() {
        for now: Int64 in [0, 784_111_777, 1_800_000_000, 253_402_300_799] {
            let wait = RetryAfter.wait(lines, now: now)
            expect(wait == RetryAfter.wait(lines, now: now), "reading twice gives different results")
            if let wait { expect(wait >= .zero && wait <= .seconds(Self.longest), "out of range: \(wait)") }
            let first = lines.lazy.compactMap { RetryAfter.wait([$0], now: now) }.first
            expect(wait == first, "not the value of the first header that can be read")
        }
        lines.forEach(checkOne)
    }

    private func checkOne(_ line: String) {
        let wait = RetryAfter.wait([line], now: 0)
        if let seconds = Self.seconds(line) {
            expect(wait == .seconds(seconds), "\(line) is read as \(wait as Any)")
        } else if let time = Self.time(line) {
            expect(RetryAfter.wait([line], now: time) == .zero, "\(line) is not \(time)")
            expect(RetryAfter.wait([line], now: time - 777) == .seconds(777), "\(line) is not \(time)")
            expect(RetryAfter.wait([line], now: time + 777) == .zero, "\(line) is not \(time)")
        } else {
            expect(wait == nil, "\(line) is read as \(wait as Any)")
        }
    }

    /// Digits, with spaces and tabs around them.
    private static func seconds(_ line: String) -> Int64? {
        let text = line.unicodeScalars.drop { $0 == " " || $0 == "\t" }
        let digits = text.prefix { $0.value >= 0x30 && $0.value <= 0x39 }
        guard !digits.isEmpty, text[digits.endIndex...].allSatisfy({ $0 == " " || $0 == "\t" }) else { return nil }
        let significant = digits.drop { $0 == "0" }
        return significant.count > 5 ? longest : min(Int64(String(significant)) ?? 0, longest)
    }

    /// A date in the preferred form of RFC 9110, converted by the C library, with any number of spaces between its
    /// words and a year from 1970.
    private static func time(_ line: String) -> Int64? {
        let words = line.unicodeScalars.split(separator: " ").map(String.init)
        guard words.count == 6, words[0].unicodeScalars.last == ",", words[5] == "GMT",
            let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
                .firstIndex(of: words[2])
        else { return nil }
        let clock = words[4].unicodeScalars.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let numbers = ([words[1], words[3]] + clock).map(number)
        guard clock.count == 3, let day = numbers[0], let year = numbers[1], let hour = numbers[2],
            let minute = numbers[3], let second = numbers[4], (1...31).contains(day), year >= 1_970, hour < 24,
            minute < 60, second <= 60
        else { return nil }
        var parts = tm()
        parts.tm_mday = day
        parts.tm_mon = CInt(month)
        parts.tm_year = year - 1_900
        parts.tm_hour = hour
        parts.tm_min = minute
        parts.tm_sec = second
        return Int64(timegm(&parts))
    }

    private static func number(_ text: String) -> CInt? {
        let digits = text.unicodeScalars
        return digits.count <= 4 && digits.allSatisfy { $0.value >= 0x30 && $0.value <= 0x39 } ? CInt(text) : nil
    }
}
