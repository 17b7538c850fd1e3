package import Model
import Synchronization

/// Splits a batch that keeps failing, whatever the failure, in halves, so that one id never costs the others an answer.
///
/// Each part is requested once. A part that fails for the same reason as the batch is halved again. One that fails for
/// another reason, which is chance, is retried like any batch. If no part is answered, the API is failing, not the
/// batch.
package struct FailureIsolatingClient<Inner: OnlineStatusClient>: OnlineStatusClient {
    private let inner: Inner
    private let batches: InFlightBatches
    private let budget: SplitBudget

    /// Creates a client that splits the batches that another client cannot fetch.
    ///
    /// - Parameters:
    ///   - inner: sends the requests, and retries transient failures.
    ///   - batches: counts all batches.
    ///   - budget: requests for parts of batches.
    package init(_ inner: Inner, batches: InFlightBatches, budget: SplitBudget) {
        self.inner = inner
        self.batches = batches
        self.budget = budget
    }

    /// Maximum number of consecutive parts that fail: enough to halve a batch down to its first id and back.
    private static var maxConsecutiveFailures: Int { 14 }

    package func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        batches.begin()
        defer { batches.end() }
        let answers = batches.answers
        var parts = Parts(of: batch)
        while true {
            let failure: RequestFailure
            do {
                let reply = try await inner.fetch(batch)
                if reply.hasAnswers(of: batch.count) { batches.answered() }
                return parts.joined(with: reply)
            } catch {
                failure = parts.failed(error)
            }
            guard failure.mayBeCausedByOneID, batch.maxAttempts == nil, !Task.isCancelled else { throw failure }
            let permission = batch.count > 1 ? batches.maySplit(since: answers) : .denied
            if permission != .denied {
                try await split(&parts, permission)
                guard parts.allFailed, failure.failureClass == .throttled else { return parts.reply }
            } else if failure.failureClass != .throttled || batch.count == 1 && batches.isLastInFlight {
                throw failure
            }
            // The API throttles every batch: retry the whole batch until it stops.
        }
    }

    private func split(
        _ parts: inout Parts, _ permission: InFlightBatches.Permission
    ) async throws(RequestFailure) {
        do {
            try await fetchParts(&parts)
        } catch {
            batches.finishSplit(permission, allPartsFailed: false)
            throw error
        }
        batches.finishSplit(permission, allPartsFailed: parts.allFailed)
    }

    private func fetchParts(_ parts: inout Parts) async throws(RequestFailure) {
        var failed = 0
        while let range = parts.next() {
            guard failed < Self.maxConsecutiveFailures, !batches.isAPISuspect, !Task.isCancelled, budget.spend() else {
                parts.giveUp(range)
                continue
            }
            do throws(RequestFailure) {
                let reply = try await reply(to: parts, range)
                parts.add(reply, at: range)
                guard reply.hasAnswers(of: range.count) else {
                    failed += 1
                    continue
                }
                batches.answered()
                failed = 0
            } catch {
                if case .fatal = error.failureClass { throw error.after(parts.requestCounts) }
                parts.add(error, at: range)
                failed += 1
            }
        }
    }

    private func reply(to parts: Parts, _ range: Range<Int>) async throws(RequestFailure) -> BatchReply {
        var part = parts.batch.part(range)
        part.maxAttempts = 1
        do {
            return try await inner.fetch(part)
        } catch {
            guard error.mayBeCausedByOneID, error.reason != parts.failure.reason else { throw error }
            part.maxAttempts = RetryPolicy().attempts
            do {
                var reply = try await inner.fetch(part)
                reply.add(error.requestCounts)
                return reply
            } catch let second {
                throw second.after(error.requestCounts)
            }
        }
    }
}

/// A batch that is being split, and the replies to its parts.
private struct Parts {
    let batch: IDBatch
    /// The last failure of the batch as a whole.
    private(set) var failure: RequestFailure
    private(set) var requestCounts = RequestCounts()
    /// Number of requests that contained each id.
    private(set) var attempts: [Int] = []
    /// Whether no part was answered.
    private(set) var allFailed = true
    private var waiting: [Range<Int>] = []
    private var answered = BatchReply(users: [], receivedAt: Timestamp(milliseconds: 0))

    init(of batch: IDBatch) {
        self.batch = batch
        failure = .notSent
        requestCounts.requests = 0
    }

    /// Records that the batch failed as a whole; its parts are its halves.
    ///
    /// - Parameter error: the failure.
    /// - Returns: the failure with the counts of all requests for the batch.
    mutating func failed(_ error: RequestFailure) -> RequestFailure {
        if attempts.isEmpty { attempts = [Int](repeating: 0, count: batch.count) }
        for index in attempts.indices { attempts[index] += error.requestCounts.requests }
        requestCounts += error.requestCounts
        failure = error
        failure.requestCounts = requestCounts
        waiting.removeAll()
        if batch.count > 1 { halve(0..<batch.count) }
        return failure
    }

    /// Returns the reply to the batch as a whole, with the counts of the requests before it.
    func joined(with reply: BatchReply) -> BatchReply {
        guard !attempts.isEmpty else { return reply }
        var reply = reply
        reply.attempts = batch.indices.map { reply.attempts(at: $0) + attempts[$0] }
        reply.requestCounts += requestCounts
        return reply
    }

    /// Splits a part; its first half comes next.
    private mutating func halve(_ range: Range<Int>) {
        let middle = range.lowerBound + (range.count + 1) / 2
        waiting += [middle..<range.upperBound, range.lowerBound..<middle]
    }

    /// Returns the next part to request.
    ///
    /// - Returns: nil if no part is left.
    mutating func next() -> Range<Int>? { waiting.popLast() }

    mutating func add(_ reply: BatchReply, at range: Range<Int>) {
        if reply.hasAnswers(of: range.count) { allFailed = false }
        requestCounts += reply.requestCounts
        answered.users += reply.users
        answered.receivedAt = max(answered.receivedAt, reply.receivedAt)
        for (offset, index) in range.enumerated() {
            attempts[index] += reply.attempts(at: offset)
            answered.failures[index] = reply.failures[offset]
        }
    }

    mutating func add(_ error: RequestFailure, at range: Range<Int>) {
        requestCounts += error.requestCounts
        for index in range { attempts[index] += error.requestCounts.requests }
        if range.count > 1 { return halve(range) }
        answered.failures[range.lowerBound] = .init(reason: error.reason, isFinal: false, wasAlone: true)
    }

    mutating func giveUp(_ range: Range<Int>) {
        for index in range { answered.failures[index] = .init(reason: failure.reason, isFinal: false) }
    }

    var reply: BatchReply {
        var reply = answered
        reply.requestCounts = requestCounts
        reply.attempts = attempts
        reply.failure = reply.failures.isEmpty ? nil : failure
        // If no part was answered, the API failed, and no id caused it.
        if allFailed { for index in reply.failures.keys { reply.failures[index]?.wasAlone = false } }
        return reply
    }
}

extension RequestFailure {
    /// A placeholder until the first request fails.
    fileprivate static let notSent = RequestFailure(reason: .connection, failureClass: .transient, description: "")

    /// Whether a single id of the request may have caused the failure.
    fileprivate var mayBeCausedByOneID: Bool {
        switch failureClass {
        case .transient, .stale, .throttled: requestCounts.requests > 0
        case .batchRefused, .fatal: false
        }
    }
}

extension BatchReply {
    /// Whether at least one id of the batch was answered; the reply may contain only failures of parts.
    fileprivate func hasAnswers(of count: Int) -> Bool { failures.count < count }

    /// Adds the counts of earlier requests for all of its ids.
    fileprivate mutating func add(_ earlier: RequestCounts) {
        if !attempts.isEmpty { for index in attempts.indices { attempts[index] += earlier.requests } }
        requestCounts += earlier
    }
}

/// The number of requests that may still be sent for parts of batches in one run.
package final class SplitBudget: Sendable {
    private let left: Mutex<Int>

    package init(_ requests: Int = BisectionLimits().maxSplitRequests) { left = Mutex(requests) }

    /// Spends some requests.
    ///
    /// - Parameter requests: how many.
    /// - Returns: false, without spending any, if fewer are left.
    func spend(_ requests: Int = 1) -> Bool {
        left.withLock { left in
            guard left >= requests else { return false }
            left -= requests
            return true
        }
    }
}
