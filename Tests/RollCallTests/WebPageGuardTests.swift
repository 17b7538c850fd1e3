import Model
import RollCall
import Synchronization
import TestSupport
import Testing

/// Web pages in place of answers, from the start.
@Suite struct WebPageGuardTests {
    private static let page = {
        var failure = RequestFailure(reason: .protocolError, failureClass: .transient, description: "a web page")
        failure.isWebPage = true
        return failure
    }()

    /// What becomes of requests for batches by their names, when `answers` come: a failure, or nil for a good answer.
    private func handlings(
        _ names: [String], _ answers: [RequestFailure?]
    ) async -> [RequestFailure.FailureClass?] {
        let left = Mutex(answers)
        let screening = WebPageGuard(
            ScriptedClient { (batch) async throws(RequestFailure) in
                if let failure = left.withLock({ $0.removeFirst() }) { throw failure }
                return BatchReply(batch)
            })
        var handlings: [RequestFailure.FailureClass?] = []
        for name in names {
            do throws(RequestFailure) {
                _ = try await screening.fetch(IDBatch([Array(name.utf8)]))
                handlings.append(nil)
            } catch {
                handlings.append(error.failureClass)
            }
        }
        return handlings
    }

    @Test func `pages for five batches end the run`() async {
        let pages = [RequestFailure?](repeating: Self.page, count: 5)
        #expect(
            await handlings(["a", "b", "c", "d", "e"], pages)
                == [.transient, .transient, .transient, .transient, .fatal(.protocolViolation)])
    }

    @Test func `pages for one batch are retried`() async {
        let pages = [RequestFailure?](repeating: Self.page, count: 7)
        #expect(
            await handlings(["a", "b", "a", "b", "a", "c", "d"], pages).allSatisfy { $0 == .transient })
    }

    @Test func `another failure in between restarts the count`() async {
        let answers = [Self.page, Self.page, Self.page, Self.page, .timeout, Self.page, Self.page]
        #expect(
            await handlings(["a", "b", "c", "d", "e", "f", "g"], answers).allSatisfy { $0 == .transient })
    }

    @Test func `pages after an answer are transient failures`() async {
        let pages = [RequestFailure?](repeating: Self.page, count: 6)
        let handlings = await handlings(["0", "a", "b", "c", "d", "e", "f"], [nil] + pages)
        #expect(handlings == [nil] + [RequestFailure.FailureClass?](repeating: .transient, count: 6))
    }
}
