import Model

/// When subscribers were last online, as far as Viber reports it, counted from the time of the answer.
package struct Recency: Sendable, Equatable {
    /// Each id belongs to one span.
    package enum Span: Int, Sendable, CaseIterable {
        /// Within this span, and not within a shorter one. An id that is online now is within a day.
        case day, week, month, quarter, year
        case older
        /// The answer is definite but has no time, as for every undisclosed or unavailable id.
        case hidden
        case noAnswer

        /// The number of days of a span that has an end.
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
        // A snapshot may hold any two times; a difference that does not fit 64 bits counts as long ago.
        let lastSeen = Timestamp(milliseconds: lastOnline)
        guard case let ago = answer.checkedAt.milliseconds(since: lastSeen), ago != .min else { return .older }
        return Span.allCases.first { $0.days.map { ago <= Int64($0) * millisecondsPerDay } ?? false } ?? .older
    }

    private static let millisecondsPerDay: Int64 = 86_400_000
}
