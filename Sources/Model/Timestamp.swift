/// A moment in UTC, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Its text is ISO 8601 with `Z`, independent of locale and time zone: a snapshot has the same bytes everywhere.
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970, the unit of `last_online` in the API.
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// Milliseconds since an earlier time, clamped to 64 bits, since times from a file can have any value.
    package func milliseconds(since earlier: Timestamp) -> Int64 {
        let (difference, isTooFar) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return isTooFar ? (self > earlier ? .max : .min) : difference
    }

    /// Whether it is more than five minutes after `now`: a run with such a start time had a wrong clock.
    package func isInTheFuture(at now: Timestamp) -> Bool { milliseconds(since: now) > 300_000 }

    /// `2026-11-21T23:15:00Z`, the form for the times of a run.
    package var seconds: String {
        text { fields, out in fields.append(to: &out, separators: true, milliseconds: false) }
    }

    /// `2026-11-21T23:15:00.123Z`, the form for the times in a row.
    package var text: String { text { fields, out in fields.append(to: &out, separators: true, milliseconds: true) } }

    /// `20261121T231500Z`, the first part of a run id.
    package var stamp: String {
        text { fields, out in fields.append(to: &out, separators: false, milliseconds: false) }
    }

    /// Appends `text` as ASCII bytes without an allocation, for the hot path.
    package func append(to out: inout [UInt8]) { CivilTime(self).appendToRow(&out) }

    private func text(_ write: (CivilTime, inout [UInt8]) -> Void) -> String {
        var out: [UInt8] = []
        write(CivilTime(self), &out)
        return String(decoding: out, as: UTF8.self)
    }
}

extension Timestamp {
    /// Parses exactly the form `2026-11-21T23:15:00Z`, with or without `.123`; nil for any other text.
    package init?(_ text: String) { self.init(bytes: Array(text.utf8)[...]) }

    /// The same from ASCII bytes.
    package init?(bytes: ArraySlice<UInt8>) {
        if let time = Self.parseRowForm(bytes) {
            self = time
            return
        }
        var rest = bytes
        func number(_ digits: Int) -> Int64? {
            guard rest.count >= digits else { return nil }
            var value: Int64 = 0
            for byte in rest.prefix(digits) {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                let (scaled, over) = value.multipliedReportingOverflow(by: 10)
                guard !over else { return nil }
                value = scaled + Int64(byte - 0x30)
            }
            rest = rest.dropFirst(digits)
            return value
        }
        func skip(_ character: UInt8) -> Bool {
            guard rest.first == character else { return false }
            rest = rest.dropFirst()
            return true
        }
        var yearDigits = 4
        if skip(UInt8(ascii: "+")) {  // ISO 8601's expanded year, which only damaged files hold
            yearDigits = rest.prefix { $0 != UInt8(ascii: "-") }.count
            guard yearDigits > 4, yearDigits < 12 else { return nil }
        }
        guard let year = number(yearDigits), skip(UInt8(ascii: "-")), let month = number(2), skip(UInt8(ascii: "-")),
            let day = number(2), skip(UInt8(ascii: "T")), let hour = number(2), skip(UInt8(ascii: ":")),
            let minute = number(2), skip(UInt8(ascii: ":")), let second = number(2)
        else { return nil }
        var milliseconds: Int64 = 0
        if skip(UInt8(ascii: ".")) {
            guard let value = number(3) else { return nil }
            milliseconds = value
        }
        guard skip(UInt8(ascii: "Z")), rest.isEmpty, (1...12).contains(month),
            (1...CivilTime.daysInMonth(month, of: year)).contains(day), hour < 24, minute < 60, second < 60,
            year < 1_000_000_000
        else { return nil }
        let days = CivilTime.days(year: year, month: month, day: day)
        let (inMilliseconds, over) = (days * 86_400 + hour * 3_600 + minute * 60 + second)
            .multipliedReportingOverflow(by: 1_000)
        let (sum, overSum) = inMilliseconds.addingReportingOverflow(milliseconds)
        guard !over, !overSum else { return nil }
        self.init(milliseconds: sum)
    }
}

extension Timestamp {
    /// Fast path for the form of `text` with a year from 0 to 9999; nil for anything else. It takes a fifth of the
    /// time, which matters for two timestamps per row.
    private static func parseRowForm(_ bytes: ArraySlice<UInt8>) -> Timestamp? {
        guard bytes.count == 24 else { return nil }
        return unsafe bytes.withUnsafeBytes { bytes in
            var isValid = true
            func number(_ positions: Range<Int>) -> Int64 {
                var value: Int64 = 0
                for position in positions {
                    let digit = unsafe bytes[position] &- 0x30
                    isValid = isValid && digit < 10
                    value = value * 10 + Int64(digit)
                }
                return value
            }
            func expect(_ character: Unicode.Scalar, at position: Int) {
                isValid = unsafe isValid && bytes[position] == UInt8(ascii: character)
            }
            let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
            let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
            let milliseconds = number(20..<23)
            expect("-", at: 4)
            expect("-", at: 7)
            expect("T", at: 10)
            expect(":", at: 13)
            expect(":", at: 16)
            expect(".", at: 19)
            expect("Z", at: 23)
            guard isValid, (1...12).contains(month), (1...CivilTime.daysInMonth(month, of: year)).contains(day),
                hour < 24, minute < 60, second < 60
            else { return nil }
            let days = CivilTime.days(year: year, month: month, day: day)
            let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
            return Timestamp(milliseconds: seconds * 1_000 + milliseconds)
        }
    }
}

extension Timestamp {
    /// The number of days from 1970-01-01 to a day of the Gregorian calendar. Months count from 1.
    package static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        CivilTime.days(year: year, month: month, day: day)
    }
}
