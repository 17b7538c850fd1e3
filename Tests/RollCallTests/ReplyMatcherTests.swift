import Model
import TestSupport
import Testing

@testable import RollCall

@Suite struct ReplyMatcherTests {
    private typealias User = BatchReply.User

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func join(_ ids: [String], _ users: [User]) -> ReplyMatcher {
        ReplyMatcher(IDBatch(ids.map(bytes)), BatchReply(users: users, receivedAt: Timestamp(milliseconds: 1_000)))
    }

    private func user(_ id: String, _ status: Int64?, lastOnline: Int64? = nil, messageDiffers: Bool = false) -> User {
        User(bytes(id), status, lastOnline: lastOnline, messageDiffers: messageDiffers)
    }

    private func answered(_ status: Int64, lastOnline: Int64? = nil) -> Outcome {
        .answered(StatusAnswer(status, lastOnline: lastOnline))
    }

    @Test(arguments: [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2], [3, 0, 1, 2], [0, 2, 1, 3]])
    func `a user is matched by id at any index`(_ order: [Int]) {
        let names = ["a", "b", "c", "d"]
        let users = order.map { user(names[$0], Int64($0), lastOnline: Int64($0) + 10) }
        let joined = join(names, users)
        #expect(joined.outcomes == (0..<4).map { answered($0, lastOnline: $0 + 10) })
        #expect(joined.extraUsers == 0)
        #expect(joined.duplicateUsers == 0)
        #expect(joined.messageMismatches == 0)
    }

    @Test func `an id that is not in the reply is not returned`() {
        #expect(
            join(["a", "b", "c"], [user("c", 1), user("a", 0)]).outcomes == [answered(0), .notReturned, answered(1)])
        #expect(join(["a", "b"], []).outcomes == [.notReturned, .notReturned])
    }

    @Test func `users that were not requested are counted and ignored`() {
        let joined = join(
            ["a", "b"], [user("x", 0, messageDiffers: true), user("a", 1), user("b", 4), user("y", nil)])
        #expect(joined.outcomes == [answered(1), answered(4)])
        #expect(joined.extraUsers == 2)
        #expect(joined.messageMismatches == 0)
    }

    @Test func `the reply to another batch matches no id`() {
        let joined = join(["a", "b"], [user("c", 0), user("d", 1)])
        #expect(joined.outcomes == [.notReturned, .notReturned])
        #expect(joined.extraUsers == 2)
    }

    @Test(arguments: [
        ("abc", "ABC"), ("abc", "abc "), ("abc", " abc"), ("abc", "ab"), ("abc", "abcd"), ("\u{E9}", "e\u{301}"),
        ("a/b", "a\\/b"), ("a", ""), ("a", "a\0"),
    ])
    func `another spelling is another id`(_ asked: String, _ returned: String) {
        let joined = join([asked], [user(returned, 0)])
        #expect(joined.outcomes == [.notReturned])
        #expect(joined.extraUsers == 1)
    }

    @Test func `the same answer twice is one answer`() {
        let joined = join(["a", "b"], [user("a", 1, lastOnline: 7), user("a", 1, lastOnline: 8), user("b", 4)])
        #expect(joined.outcomes == [answered(1, lastOnline: 7), answered(4)])
        #expect(joined.duplicateUsers == 1)
        #expect(joined.extraUsers == 0)
    }

    @Test(arguments: [[0, 4], [4, 0, 0], [0, 4, 0], [0, nil], [nil, 0], [nil, 0, 0], [3, 0]] as [[Int64?]])
    func `two answers that disagree are a conflict`(_ statuses: [Int64?]) {
        let joined = join(["b", "a"], [user("b", 1)] + statuses.map { user("a", $0) })
        #expect(joined.outcomes == [answered(1), .failed(.conflict)])
        #expect(joined.duplicateUsers == statuses.count - 1)
    }

    @Test func `a status that is not a number affects only its own id`() {
        let joined = join(["a", "b", "c"], [user("a", 0), user("b", nil), user("c", 2)])
        #expect(joined.outcomes == [answered(0), .failed(.badStatus), answered(2)])
    }

    @Test(arguments: [5, 99, -1, .min, .max] as [Int64])
    func `an undocumented number is kept`(_ status: Int64) {
        let joined = join(["a"], [user("a", status)])
        #expect(joined.outcomes == [answered(status)])
        #expect(joined.outcomes.first?.isDefinite == false)
    }

    @Test func `the number counts and a different message is counted as a mismatch`() {
        let joined = join(["a", "b"], [user("b", 0, messageDiffers: true), user("a", 1, messageDiffers: true)])
        #expect(joined.outcomes == [answered(1), answered(0)])
        #expect(joined.messageMismatches == 2)
    }
}
