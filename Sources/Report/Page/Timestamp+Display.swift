import Model

/// Formats times for the page, in UTC.
extension Timestamp {
    /// `30 June 2026`.
    var day: String { "\(calendar.day) \(Self.months[calendar.month - 1]) \(calendar.year)" }

    /// `30 Jun`.
    var shortDay: String { "\(calendar.day) \(Self.months[calendar.month - 1].prefix(3))" }

    /// `Jun 2026`.
    var monthOfYear: String { "\(Self.months[calendar.month - 1].prefix(3)) \(calendar.year)" }

    /// `00:17`.
    var timeOfDay: String { String(seconds.drop { $0 != "T" }.dropFirst().prefix(5)) }

    /// `30 June 2026, 00:17`.
    var dayAndTime: String { "\(day), \(timeOfDay)" }

    /// The hour from 0 to 23.
    var hour: Int { Int(timeOfDay.prefix(2)) ?? 0 }

    /// The weekday from 0, Monday, to 6, Sunday.
    var weekday: Int {
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        let sinceMonday = (rest < 0 ? days - 1 : days) + 3  // 1970 began on a Thursday
        return Int(((sinceMonday % 7) + 7) % 7)
    }

    /// Months since the year 0.
    var monthNumber: Int { calendar.year * 12 + calendar.month - 1 }

    /// The start of a month; nil for a year before 1000 or after 9999.
    init?(monthNumber: Int) {
        let (year, month) = (monthNumber / 12, monthNumber % 12 + 1)
        guard (1_000...9_999).contains(year) else { return nil }
        self.init("\(year)-\(month < 10 ? "0" : "")\(month)-01T00:00:00Z")
    }

    private var calendar: (year: Int, month: Int, day: Int) {
        let fields = seconds.prefix { $0 != "T" }.split(separator: "-").map { Int($0) ?? 1 }
        return fields.count == 3 ? (fields[0], fields[1], fields[2]) : (0, 1, 1)
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
}
