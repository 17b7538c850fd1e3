import Testing

@testable import Sandbox

@Suite struct FaultTests {
    @Test(
        arguments: [
            ("http-400", .http(400)), ("http-503", .http(503)), ("http-599", .http(599)), ("http-308", .http(308)),
            ("status-0", .status(0)), ("status-12", .status(12)), ("status-999", .status(999)),
            ("status--1", .status(-1)), ("status-text", .document(.statusText)), ("html", .page(.html)),
            ("hang", .page(.hang)), ("missing", .users(.missing)), ("unknown-status", .users(.unknownStatus)),
            ("try-later", .users(.tryLater)), ("bad-utf-8", .document(.badUTF8)), ("gzip", .coding(.gzip)),
            ("reset-peer", .toxic(.resetPeer)), ("any", .any),
        ] as [(String, Fault.Kind)])
    func `has a kind`(_ text: String, _ kind: Fault.Kind) throws {
        let fault = try #require(Fault(text))
        #expect(fault.kind == kind)
        #expect(fault.name == text)
        #expect(fault.endpoint == .online)
        // The account has no users, so faults of users do not apply.
        let ofAccount = Fault("account:" + text + "@3")
        #expect(ofAccount?.kind == (kind.affectsUsers ? nil : kind))
        #expect(ofAccount?.endpoint == (kind.affectsUsers ? nil : .account))
    }

    /// These names are used in scripts and must not change.
    private static let names = [
        "html empty no-content truncated redirect[:LOCATION] hang",
        "missing extra duplicate conflict other-case padded no-object reversed try-later escaped-slash "
            + "escaped-unicode unknown-status[:99] bad-status online-text online-real online-null online-absent "
            + "online-true online-huge wrong-message last-online-absent last-online-negative users-empty users-null "
            + "users-absent swapped replayed",
        "key-order unknown-fields bom utf-16 trailing-comma trailing-garbage two-documents nul-behind nan "
            + "lone-surrogate bad-utf-8 deep-nesting[:100000] status-twice status-text status-half status-null "
            + "status-absent long-message control-message token-message",
        "gzip gzip-cut gzip-crc gzip-members gzip-bomb brotli",
        "latency[:1000] down bandwidth[:1024] slow-close[:1000] timeout reset-peer reset-body slicer limit-data[:100] "
            + "stale close-after drip endless-body short-length cut-chunk cut-json until-close two-lengths "
            + "many-headers endless-header garbage tls-bytes zero-code early-hints",
    ]

    @Test func `every kind has its name`() {
        #expect(Fault.groups.map { $0.kinds.map(\.usage).joined(separator: " ") } == Self.names)
        let kinds = Fault.groups.flatMap(\.kinds)
        #expect(Set(kinds.map(\.name)).count == kinds.count)
        for kind in kinds { #expect(Fault(kind.name)?.kind == kind, "\(kind.name)") }
    }

    @Test(
        arguments: [
            ("http-429:5", "5"), ("http-503:Wed, 21 Oct 2015 07:28:00 GMT@2", "Wed, 21 Oct 2015 07:28:00 GMT"),
            ("http-429:", ""), ("http-429:1|2", "1|2"), ("http-429", nil),
            ("redirect:https://a.example/b@1-", "https://a.example/b"),
            ("unknown-status:-1", "-1"), ("account:latency:20@/2", "20"), ("deep-nesting:600", "600"),
        ] as [(String, String?)])
    func `has an argument`(_ text: String, _ argument: String?) throws {
        let fault = try #require(Fault(text))
        #expect(fault.argument == argument)
        #expect(fault.amount == argument.flatMap { Int($0) } ?? 0)
    }

    @Test(arguments: [
        "", " ", "@", "@1", "http", "http-", "http-200", "http-299", "http-600", "http-x", "http503",
        "status", "status-", "status-x", "status-1.5", "HTML", "html ", " html", "hangs", "unknown", "account:",
        "account", "account:@1", "online:html", "account:account:html", "html@", "html@0", "html@-1", "html@-",
        "html@x", "html@1-x", "html@3-2", "html@1-2-3", "html@/", "html@/0", "html@/-1", "html@/x", "html@1,2",
        "html@@1", "html@1@2", "html@1 ", "html@99999999999999999999", "html@~", "html@~0", "html@~-2", "html@~x",
        "html@~1-2", "html:", "html:5", "missing:1", "stale:1", "any:1", "status-1:2", "latency:", "latency:x",
        "latency:0",
        "latency:-1", "bandwidth:999999999", "unknown-status:x", "http-429:\u{7}", "http-429:5\r\nx: y", "html:@1",
    ])
    func `refuses invalid faults`(_ text: String) {
        #expect(Fault(text) == nil)
    }

    @Test(arguments: [
        ("html", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), ("html@1", [1]), ("html@5", [5]), ("html@1-3", [1, 2, 3]),
        ("html@4-4", [4]), ("html@9-", [9, 10, 11, 12]), ("html@10-99", [10, 11, 12]), ("html@20", []),
        ("html@/1", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), ("html@/5", [5, 10]), ("html@/12", [12]),
        ("html@/13", []), ("html@~1", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ])
    func `applies to the requests it names`(_ text: String, _ expected: [Int]) throws {
        let fault = try #require(Fault(text))
        #expect((1...12).filter { fault.applies(request: $0) } == expected)
    }
}
