import Formats

/// A deliberate fault of the sandbox: its kind, its endpoint, and the requests it applies to.
///
/// Its text is `[account:]KIND[:ARGUMENT][@WHEN]`: `http-503@1-3`, `http-429:5@2`, `status-12@/10`, `reset-peer@~10`,
/// `account:status-2`. WHEN counts the endpoint's requests from 1: `N`, `N-M`, `N-` (from then on), `/K` (every K-th)
/// or `~K` (one in K at random, always the same ones with the same seed); without it, every request. `=ID` means every
/// request with that id.
package struct Fault: Sendable, Equatable {
    package enum Endpoint: Sendable { case online, account }

    package let endpoint: Endpoint
    package let kind: Kind
    /// The text after the kind's colon.
    let argument: String?
    private let when: When
    private let text: String

    private enum When: Sendable, Equatable {
        case range(ClosedRange<Int>)
        case every(Int)
        case oneIn(Int)
        case carrying(String)
    }

    /// - Parameter text: the fault in the format above; the result is nil if it is not valid.
    package init?(_ text: String) {
        var rest = text[...]
        endpoint = rest.hasPrefix("account:") ? .account : .online
        if endpoint == .account { rest = rest.dropFirst("account:".count) }
        let at = rest.firstRange(of: "@=")?.lowerBound ?? rest.lastIndex(of: "@")
        let what = rest[..<(at ?? rest.endIndex)]
        let name = what.prefix { $0 != ":" }
        argument = name.endIndex < what.endIndex ? String(what[name.endIndex...].dropFirst()) : nil
        guard let kind = Kind(String(name)), kind.accepts(argument), endpoint == .online || !kind.affectsUsers,
            let when = at.map({ Self.when(rest[$0...].dropFirst()) }) ?? .every(1)
        else { return nil }
        if case .carrying = when, endpoint == .account || kind == .any { return nil }
        self.kind = kind
        self.when = when
        self.text = text
    }

    /// The kind with its argument, as given.
    package var name: String { argument.map { "\(kind.name):\($0)" } ?? kind.name }

    /// The number after the kind's colon, or the default of the kind.
    var amount: Int { argument.flatMap { Int($0) } ?? kind.defaultAmount ?? 0 }

    /// Whether the fault applies to a request of its endpoint.
    ///
    /// - Parameters:
    ///   - number: the number of the request at the endpoint, from 1.
    ///   - seed: the seed of the schedule.
    /// - Returns: false for a fault with `=ID`.
    func applies(request number: Int, seed: UInt64 = 0) -> Bool {
        switch when {
        case .range(let range): range.contains(number)
        case .every(let step): number % step == 0
        case .oneIn(let count): random("strike", number, seed) % UInt64(count) == 0
        case .carrying: false
        }
    }

    /// The id of the requests the fault applies to; nil if it applies by number.
    var id: String? { if case .carrying(let id) = when { id } else { nil } }

    /// A random number that depends only on the fault's text, the purpose, the request's number and the seed.
    func random(_ purpose: String, _ number: Int, _ seed: UInt64) -> UInt64 {
        var random = SplitMix64(state: seed ^ FNV1a.hash("\(text) \(purpose) \(number)".utf8))
        return random.next()
    }

    private static func when(_ text: Substring) -> When? {
        if text.hasPrefix("=") { return text.count > 1 ? .carrying(String(text.dropFirst())) : nil }
        if text.hasPrefix("/") { return Int(text.dropFirst()).flatMap { $0 > 0 ? .every($0) : nil } }
        if text.hasPrefix("~") { return Int(text.dropFirst()).flatMap { $0 > 0 ? .oneIn($0) : nil } }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = Int(ends[0]), first > 0, ends.count <= 2 else { return nil }
        guard ends.count == 2 else { return .range(first...first) }
        guard !ends[1].isEmpty else { return .range(first...Int.max) }
        return Int(ends[1]).flatMap { $0 >= first ? .range(first...$0) : nil }
    }
}
