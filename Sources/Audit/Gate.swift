import Formats
package import Model

/// A condition on a run that the user wants reported, such as `unavailable > 20%` or `unavailable +5%`.
///
/// The form is `NAME OPERATOR NUMBER`, with `%` after the number for a share of the run's ids. NAME is a count of a
/// snapshot, `unique` or `unresolved`. `>`, `>=`, `<` and `<=` compare the count of the run; `+` and `-` compare its
/// rise or fall since the earlier run, and `%` then means percentage points (for `unique`, percent of the earlier
/// count).
package struct Gate: Sendable, Equatable {
    /// The text as the user typed it.
    package let text: String
    let metric: Metric
    let condition: Condition
    let number: Double
    /// Whether the number is a share.
    let isPercent: Bool

    enum Metric: Sendable, Equatable {
        case unique, unresolved
        case kind(OutcomeKind)

        init?(_ name: Substring) {
            switch name {
            case "unique": self = .unique
            case "unresolved": self = .unresolved
            default:
                guard let kind = OutcomeKind.allCases.first(where: { $0.name == name }) else { return nil }
                self = .kind(kind)
            }
        }
    }

    enum Condition: String, Sendable {
        case over = ">"
        case atLeast = ">="
        case under = "<"
        case atMost = "<="
        case risen = "+"
        case fallen = "-"
    }

    /// Nil if the text is not a condition.
    package init?(_ text: String) {
        let form = /\s*([a-z_]+)\s*(>=|<=|>|<|\+|-)\s*([0-9]{1,15}(?:\.[0-9]{1,9})?)\s*(%?)\s*/
        guard let match = text.wholeMatch(of: form), let metric = Metric(match.1),
            let condition = Condition(rawValue: String(match.2)), let number = Double(match.3)
        else { return nil }
        self.text = text
        self.metric = metric
        self.condition = condition
        self.number = number
        isPercent = !match.4.isEmpty
        // `unique` is always 100 % of the run's ids.
        guard metric != .unique || !isPercent || comparesRuns else { return nil }
    }

    /// The names that a gate accepts, for messages.
    package static let metrics = ["unique", "unresolved"] + OutcomeKind.allCases.map(\.name)

    /// Whether the gate needs an earlier run.
    package var comparesRuns: Bool { condition == .risen || condition == .fallen }

    /// The share of unavailable ids, in percent, above which the gate trips; nil if it is another condition.
    package var unavailableLimit: Double? {
        metric == .kind(.unavailable) && isPercent && (condition == .over || condition == .atLeast) ? number : nil
    }
}

/// The result of a gate for one run.
package struct GateResult: Sendable, Equatable {
    package let gate: Gate
    /// Whether the condition holds or may hold: ids without a definite answer count as the worst case.
    package let isTripped: Bool
    /// The gate and the figures that it compared, in one sentence.
    package let sentence: String
}

extension Gate {
    package func result(for run: RunSummary, against earlier: RunSummary?) -> GateResult {
        let name = text.trimmed
        if comparesRuns {
            guard let earlier else {
                return GateResult(
                    gate: self, isTripped: false, sentence: "'\(name)' was not evaluated: there is no earlier run")
            }
            let (now, then) = (range(in: run), range(in: earlier))
            var change = (now.lowerBound - then.upperBound)...(now.upperBound - then.lowerBound)
            if metric == .unique, isPercent {
                let (ids, before) = (Double(run.source.unique), Double(earlier.source.unique))
                let percent = before == 0 ? 0 : (ids - before) * 100 / before
                change = percent...percent
            }
            let isTripped = condition == .risen ? change.upperBound >= number : -change.lowerBound >= number
            let unit = isPercent ? (metric == .unique ? " %" : " points") : ""
            return result(isTripped, "\(label) changed by \(formatted(change, signed: true))\(unit)")
        }
        let now = range(in: run)
        let isTripped =
            switch condition {
            case .over: now.upperBound > number
            case .atLeast: now.upperBound >= number
            case .under: now.lowerBound < number
            case .atMost: now.lowerBound <= number
            case .risen, .fallen: false
            }
        return result(isTripped, "\(label) is \(formatted(now, signed: false))\(isPercent ? " %" : "")")
    }

    private func result(_ isTripped: Bool, _ what: String) -> GateResult {
        GateResult(
            gate: self, isTripped: isTripped,
            sentence: "'\(text.trimmed)' \(isTripped ? "trips" : "does not trip"): \(what)")
    }

    private var label: String {
        switch metric {
        case .unique: "unique"
        case .unresolved: "unresolved"
        case .kind(let kind): kind.name
        }
    }

    private func range(in run: RunSummary) -> ClosedRange<Double> {
        let bounds: Bounds =
            switch metric {
            case .unique: Bounds(least: run.source.unique, most: run.source.unique)
            case .unresolved: Bounds(least: run.counts.unresolved, most: run.counts.unresolved)
            case .kind(let kind): run.bounds(of: kind)
            }
        let values = [bounds.least, bounds.most].map { count in
            isPercent ? Share.percent(count, of: run.source.unique) : Double(count)
        }
        return values[0]...values[1]
    }

    private func formatted(_ range: ClosedRange<Double>, signed: Bool) -> String {
        func text(_ value: Double) -> String {
            (signed && value > 0 ? "+" : "") + (isPercent ? DecimalText.text(value, digits: 2) : Int(value).grouped)
        }
        let (least, most) = (text(range.lowerBound), text(range.upperBound))
        return least == most ? least : "between \(least) and \(most)"
    }
}

extension String {
    fileprivate var trimmed: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
