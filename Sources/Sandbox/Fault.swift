/// Something the sandbox does wrong on request: what, on which endpoint, and when.
///
/// Written `[account:]KIND[@WHEN]`: `http-503@1-3`, `status-12@/10`, `account:status-2`, `missing@5`. WHEN counts the
/// endpoint's requests from 1: `N`, `N-M`, `N-` (from then on) or `/K` (every K-th); without it, every request.
package struct Fault: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// An HTTP status with a page in place of JSON.
        case http(Int)
        /// HTTP 200 with this `status` in the body.
        case status(Int)
        case html, empty, truncated, redirect, hang
        /// The first user is left out, or given with another's id, or twice, or with a status nobody knows.
        case missing, extra, duplicate, conflict, unknownStatus, badStatus
        /// All users in reverse order, or all to be asked later.
        case reversed, tryLater

        /// Whether the answer is a good one with something wrong about its users.
        var keepsUsers: Bool {
            switch self {
            case .http, .status, .html, .empty, .truncated, .redirect, .hang: false
            default: true
            }
        }
    }

    package enum Endpoint: Sendable { case online, account }

    package var endpoint: Endpoint
    package var kind: Kind
    private var when: When

    private enum When: Sendable, Equatable {
        case range(ClosedRange<Int>)
        case every(Int)
    }

    /// Kinds without a number, by their names.
    private static let plainKinds: [(name: String, kind: Kind)] = [
        ("html", .html), ("empty", .empty), ("truncated", .truncated), ("redirect", .redirect), ("hang", .hang),
        ("missing", .missing), ("extra", .extra), ("duplicate", .duplicate), ("conflict", .conflict),
        ("unknown-status", .unknownStatus), ("bad-status", .badStatus), ("reversed", .reversed),
        ("try-later", .tryLater),
    ]

    /// The names of all kinds, for help texts.
    package static var kindNames: [String] { ["http-CODE", "status-CODE"] + plainKinds.map(\.name) }

    /// - Returns: nil if the text is no fault.
    package init?(_ text: String) {
        var rest = text[...]
        endpoint = .online
        if rest.hasPrefix("account:") {
            endpoint = .account
            rest = rest.dropFirst("account:".count)
        }
        let name = rest.prefix { $0 != "@" }
        let time = rest.dropFirst(name.count).dropFirst()
        guard let kind = Self.kind(String(name)), let when = rest.count == name.count ? .every(1) : Self.when(time)
        else {
            return nil
        }
        guard endpoint == .online || !kind.keepsUsers else { return nil }
        self.kind = kind
        self.when = when
    }

    /// Whether the fault strikes the endpoint's request of this number, from 1.
    package func strikes(request number: Int) -> Bool {
        switch when {
        case .range(let range): range.contains(number)
        case .every(let step): number % step == 0
        }
    }

    private static func kind(_ name: String) -> Kind? {
        if name.hasPrefix("http-") {
            return Int(name.dropFirst(5)).flatMap { (400...599).contains($0) ? .http($0) : nil }
        }
        if name.hasPrefix("status-") { return Int(name.dropFirst(7)).map { .status($0) } }
        return plainKinds.first { $0.name == name }?.kind
    }

    private static func when(_ text: Substring) -> When? {
        if text.hasPrefix("/") { return Int(text.dropFirst()).flatMap { $0 > 0 ? .every($0) : nil } }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = Int(ends[0]), first > 0, ends.count <= 2 else { return nil }
        guard ends.count == 2 else { return .range(first...first) }
        guard !ends[1].isEmpty else { return .range(first...Int.max) }
        return Int(ends[1]).flatMap { $0 >= first ? .range(first...$0) : nil }
    }
}
