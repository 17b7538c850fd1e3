/// A moment in UTC, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Text is ISO 8601 with `Z`, written and read without locale or time zone: a snapshot has the same bytes everywhere.
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970, as the API counts `last_online`.
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// Milliseconds from an earlier moment; as many as 64 bits hold where both come from a file that says anything.
    package func milliseconds(since earlier: Timestamp) -> Int64 {
        let (difference, isTooFar) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return isTooFar ? (self > earlier ? .max : .min) : difference
    }

    /// Whether it is more than five minutes after a moment: as the start of a run it was written by a wrong clock.
    package func isInTheFuture(at now: Timestamp) -> Bool { milliseconds(since: now) > 300_000 }

    /// `2026-11-21T23:15:00Z`: for the times of a run.
    package var seconds: String {
        text { fields, out in fields.append(to: &out, separators: true, milliseconds: false) }
    }

    /// `2026-11-21T23:15:00.123Z`: for the times of a row.
    package var text: String { text { fields, out in fields.append(to: &out, separators: true, milliseconds: true) } }

    /// `20261121T231500Z`: the first part of a run id.
    package var stamp: String {
        text { fields, out in fields.append(to: &out, separators: false, milliseconds: false) }
    }

    /// Appends `text` as ASCII bytes, without an allocation: the form of the hot path.
    package func append(to out: inout [UInt8]) { CivilTime(self).appendToRow(&out) }

    private func text(_ write: (CivilTime, inout [UInt8]) -> Void) -> String {
        var out: [UInt8] = []
        write(CivilTime(self), &out)
        return String(decoding: out, as: UTF8.self)
    }
}

extension Timestamp {
    /// Reads `2026-11-21T23:15:00Z` or the same with `.123`, nothing else; nil if the text is no such time.
    package init?(_ text: String) { self.init(bytes: Array(text.utf8)[...]) }

    /// The same from ASCII bytes.
    package init?(bytes: ArraySlice<UInt8>) {
        if let time = Self.ofRow(bytes) {
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
        if skip(UInt8(ascii: "+")) {  // ISO 8601's expanded year, for what no calendar of ours will see
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
    /// Reads what `text` writes of the years 0 to 9999, and leaves the rest: a fifth of the time, at two times a row.
    private static func ofRow(_ bytes: ArraySlice<UInt8>) -> Timestamp? {
        guard bytes.count == 24 else { return nil }
        return unsafe bytes.withUnsafeBytes { bytes in
            var isSound = true
            func number(_ places: Range<Int>) -> Int64 {
                var value: Int64 = 0
                for place in places {
                    let digit = unsafe bytes[place] &- 0x30
                    isSound = isSound && digit < 10
                    value = value * 10 + Int64(digit)
                }
                return value
            }
            func expect(_ character: Unicode.Scalar, at place: Int) {
                isSound = unsafe isSound && bytes[place] == UInt8(ascii: character)
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
            guard isSound, (1...12).contains(month), (1...CivilTime.daysInMonth(month, of: year)).contains(day),
                hour < 24, minute < 60, second < 60
            else { return nil }
            let days = CivilTime.days(year: year, month: month, day: day)
            let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
            return Timestamp(milliseconds: seconds * 1_000 + milliseconds)
        }
    }
}

extension Timestamp {
    /// Days from 1970-01-01 to a day of the Gregorian calendar.
    ///
    /// `month`: from 1.
    package static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        CivilTime.days(year: year, month: month, day: day)
    }
}
