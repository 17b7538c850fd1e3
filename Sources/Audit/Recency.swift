import Model

/// When subscribers were last online, as far as Viber tells, counted from the moment they were asked for.
package struct Recency: Sendable, Equatable {
    /// Each id falls into one.
    package enum Span: Int, Sendable, CaseIterable {
        /// Within so many days, and not within fewer. Who is online now is within one.
        case day, week, month, quarter, year
        case older
        /// There is a definite answer, and no time in it: always so for undisclosed and unavailable.
        case hidden
        case noAnswer

        /// The most days of a span that has an end.
        package var days: Int? {
            switch self {
            case .day: 1
            case .week: 7
            case .month: 30
            case .quarter: 90
            case .year: 365
            default: nil
            }
        }

        /// The key in JSON.
        package var name: String {
            switch self {
            case .older: "older"
            case .hidden: "hidden"
            case .noAnswer: "no_answer"
            default: "within_\(days ?? 0)_d"
            }
        }
    }

    private var numbers = [Int](repeating: 0, count: Span.allCases.count)

    package subscript(span: Span) -> Int { numbers[span.rawValue] }

    mutating func add(_ outcome: Outcome) { numbers[Self.span(of: outcome).rawValue] += 1 }

    static func span(of outcome: Outcome) -> Span {
        guard case .answered(let answer) = outcome, answer.status.isDefinite else { return .noAnswer }
        guard let lastOnline = answer.lastOnline else { return answer.status == .online ? .day : .hidden }
        // The difference of any two times that a snapshot holds; one that does not fit 64 bits is long ago.
        let lastSeen = Timestamp(milliseconds: lastOnline)
        guard case let ago = answer.checkedAt.milliseconds(since: lastSeen), ago != .min else { return .older }
        return Span.allCases.first { $0.days.map { ago <= Int64($0) * millisecondsADay } ?? false } ?? .older
    }

    private static let millisecondsADay: Int64 = 86_400_000
}
