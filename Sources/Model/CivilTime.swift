/// A timestamp as fields of the proleptic Gregorian calendar, in UTC.
///
/// The arithmetic is Howard Hinnant's `civil_from_days` (chrono-Compatible Low-Level Date Algorithms): a thirtieth
/// of the cost of a date formatter, which matters for two timestamps per row.
struct CivilTime {
    var year: Int64
    let month, day, hour, minute, second, millisecond: Int

    init(_ time: Timestamp) {
        let (seconds, millisecond) = Self.floorDivide(time.milliseconds, 1_000)
        let (days, secondOfDay) = Self.floorDivide(seconds, 86_400)
        let shifted = days + 719_468
        let (era, dayOfEra) = Self.floorDivide(shifted, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = Int(secondOfDay / 3_600)
        minute = Int(secondOfDay / 60 % 60)
        second = Int(secondOfDay % 60)
        self.millisecond = Int(millisecond)
    }

    static func daysInMonth(_ month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(shiftedYear, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    func append(to out: inout [UInt8], separators: Bool, milliseconds: Bool) {
        guard year >= 0, year <= 9_999 else {
            return appendFarYear(to: &out, separators: separators, milliseconds: milliseconds)
        }
        // Filled in place and appended at once, since each append checks the capacity.
        var text = InlineArray<24, UInt8>(repeating: UInt8(ascii: "Z"))
        var length = 0
        func put(_ byte: UInt8) {
            text[length] = byte
            length += 1
        }
        func pair(_ value: Int) {
            put(0x30 + UInt8(truncatingIfNeeded: value / 10))
            put(0x30 + UInt8(truncatingIfNeeded: value % 10))
        }
        pair(Int(year) / 100)
        pair(Int(year) % 100)
        if separators { put(UInt8(ascii: "-")) }
        pair(month)
        if separators { put(UInt8(ascii: "-")) }
        pair(day)
        put(UInt8(ascii: "T"))
        pair(hour)
        if separators { put(UInt8(ascii: ":")) }
        pair(minute)
        if separators { put(UInt8(ascii: ":")) }
        pair(second)
        if milliseconds {
            put(UInt8(ascii: "."))
            pair(millisecond / 10)
            put(0x30 + UInt8(truncatingIfNeeded: millisecond % 10))
        }
        length += 1  // the Z that the array was filled with
        unsafe text.span.withUnsafeBufferPointer { unsafe out.append(contentsOf: $0.prefix(length)) }
    }

    /// Appends with separators and milliseconds. Every character has a fixed position, which takes a third of the time.
    func appendToRow(_ out: inout [UInt8]) {
        guard year >= 0, year <= 9_999 else { return appendFarYear(to: &out, separators: true, milliseconds: true) }
        func tens(_ value: Int) -> UInt8 { 0x30 + UInt8(truncatingIfNeeded: value / 10) }
        func ones(_ value: Int) -> UInt8 { 0x30 + UInt8(truncatingIfNeeded: value % 10) }
        let (century, yearOfCentury) = Int(year).quotientAndRemainder(dividingBy: 100)
        let (tenMilliseconds, lastDigit) = millisecond.quotientAndRemainder(dividingBy: 10)
        let (dash, colon) = (UInt8(ascii: "-"), UInt8(ascii: ":"))
        let text: InlineArray<24, UInt8> = [
            tens(century), ones(century), tens(yearOfCentury), ones(yearOfCentury), dash, tens(month), ones(month),
            dash,
            tens(day), ones(day), UInt8(ascii: "T"), tens(hour), ones(hour), colon, tens(minute), ones(minute), colon,
            tens(second), ones(second), UInt8(ascii: "."), tens(tenMilliseconds), ones(tenMilliseconds),
            0x30 + UInt8(truncatingIfNeeded: lastDigit), UInt8(ascii: "Z"),
        ]
        unsafe text.span.withUnsafeBufferPointer { unsafe out.append(contentsOf: $0) }
    }

    /// Appends a year before 0 as 0, and a year after 9999 with a sign. Only damaged files hold such years.
    private func appendFarYear(to out: inout [UInt8], separators: Bool, milliseconds: Bool) {
        let start = out.count
        var near = self
        near.year = 0
        near.append(to: &out, separators: separators, milliseconds: milliseconds)
        if year > 0 { out.replaceSubrange(start..<start + 4, with: "+\(year)".utf8) }
    }
}
