import Testing

@testable import Sandbox

@Suite struct FaultTests {
    @Test(
        arguments: [
            ("http-400", .http(400)), ("http-503", .http(503)), ("http-599", .http(599)), ("status-0", .status(0)),
            ("status-12", .status(12)), ("status-999", .status(999)), ("status--1", .status(-1)), ("html", .html),
            ("empty", .empty), ("truncated", .truncated), ("redirect", .redirect), ("hang", .hang),
            ("missing", .missing),
            ("extra", .extra), ("duplicate", .duplicate), ("conflict", .conflict), ("unknown-status", .unknownStatus),
            ("bad-status", .badStatus), ("reversed", .reversed), ("try-later", .tryLater),
        ] as [(String, Fault.Kind)])
    func hasAKind(_ text: String, _ kind: Fault.Kind) throws {
        let fault = try #require(Fault(text))
        #expect(fault.kind == kind)
        #expect(fault.endpoint == .online)
        // The account has no users that something could be wrong with.
        let ofAccount = Fault("account:" + text + "@3")
        #expect(ofAccount?.kind == (kind.keepsUsers ? nil : kind))
        #expect(ofAccount?.endpoint == (kind.keepsUsers ? nil : .account))
    }

    @Test(arguments: [
        "", " ", "@", "@1", "http", "http-", "http-200", "http-302", "http-399", "http-600", "http-x", "http503",
        "status", "status-", "status-x", "status-1.5", "HTML", "html ", " html", "hangs", "unknown", "account:",
        "account", "account:@1", "online:html", "account:account:html", "html@", "html@0", "html@-1", "html@-",
        "html@x", "html@1-x", "html@3-2", "html@1-2-3", "html@/", "html@/0", "html@/-1", "html@/x", "html@1,2",
        "html@@1", "html@1@2", "html@1 ", "html@99999999999999999999",
    ])
    func refusesWhatIsNoFault(_ text: String) {
        #expect(Fault(text) == nil)
    }

    @Test(arguments: [
        ("html", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), ("html@1", [1]), ("html@5", [5]), ("html@1-3", [1, 2, 3]),
        ("html@4-4", [4]), ("html@9-", [9, 10, 11, 12]), ("html@10-99", [10, 11, 12]), ("html@20", []),
        ("html@/1", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), ("html@/5", [5, 10]), ("html@/12", [12]),
        ("html@/13", []),
    ])
    func strikesTheRequestsOfItsTime(_ text: String, _ expected: [Int]) throws {
        let fault = try #require(Fault(text))
        #expect((1...12).filter { fault.strikes(request: $0) } == expected)
    }

    @Test func everyKindThatTheHelpNamesIsOne() {
        let names = Fault.kindNames
        #expect(names.count == 15)
        #expect(Set(names).count == names.count)
        for name in names { #expect(Fault(name.replacing("CODE", with: "500")) != nil, "\(name)") }
    }
}
