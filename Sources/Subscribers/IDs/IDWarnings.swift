import Formats

/// Counts accepted ids that look like a mistake, with the first line of each kind.
///
/// They are requested unchanged: public code passes all of these to `get_online`, which knows none of them.
struct IDWarnings {
    private var counts = [Int](repeating: 0, count: CellKind.allCases.count)
    private var firstLines = [Int](repeating: 0, count: CellKind.allCases.count)

    mutating func add(_ kind: CellKind, line: Int) {
        if counts[kind.rawValue] == 0 { firstLines[kind.rawValue] = line }
        counts[kind.rawValue] += 1
    }

    /// A warning for each kind.
    ///
    /// - Parameters:
    ///   - unit: the word for a line: `line`, or `row` for a database.
    ///   - isOfOtherForm: whether a warning about the whole column already says that its cells are not Viber ids.
    /// - Returns: the warnings.
    func sentences(unit: String, isOfOtherForm: Bool) -> [String] {
        CellKind.allCases.compactMap { kind in
            let count = counts[kind.rawValue]
            guard count > 0, let text = Self.text(kind) else { return nil }
            if isOfOtherForm, kind == .otherText || kind == .spaced { return nil }
            let location = (count == 1 ? "on " : "the first on ") + unit + " \(firstLines[kind.rawValue])"
            return "\(count.counted("id")) \(count == 1 ? text.one : text.many), \(location)" + Self.advice(kind)
        }
    }

    /// The rest of the warning, for one id of a kind and for several.
    private static func text(_ kind: CellKind) -> (one: String, many: String)? {
        switch kind {
        case .viberID, .blob: nil
        case .joinedIDs:
            ("looks like two ids without a line end between them", "look like two ids without a line end between them")
        case .wholeNumber: ("consists of digits only", "consist of digits only")
        case .phoneNumber: ("looks like a phone number", "look like phone numbers")
        case .uuid: ("looks like a UUID", "look like UUIDs")
        case .emailAddress: ("looks like an e-mail address", "look like e-mail addresses")
        case .accountID: ("begins with 'pa:'", "begin with 'pa:'")
        case .quoted: ("has a quote or an apostrophe around it", "have quotes or an apostrophe around them")
        case .percentEncoded: ("looks percent-encoded", "look percent-encoded")
        case .delimited: ("contains a delimiter (, ; | or :)", "contain a delimiter (, ; | or :)")
        case .spaced: ("contains a blank", "contain a blank")
        case .otherText: ("does not look like a Viber id", "do not look like Viber ids")
        }
    }

    private static func advice(_ kind: CellKind) -> String {
        switch kind {
        case .wholeNumber, .uuid, .phoneNumber, .emailAddress: "; the API knows subscribers by Viber id only"
        case .accountID: "; those are ids of accounts, not of subscribers"
        case .percentEncoded: "; decode them (%2B is +, %2F is /, %3D is =)"
        case .spaced: "; a + that was decoded as in a URL looks like this"
        default: ""
        }
    }
}
