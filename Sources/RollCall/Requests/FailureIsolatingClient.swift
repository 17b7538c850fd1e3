package import Model
import Synchronization

/// Takes a batch apart that fails by itself, however it fails, half by half, so that one id never costs the others.
///
/// The parts are asked for once each: a part that fails as the batch did is halved again, and one that fails in another way,
/// which is chance, is asked for as any batch is. If no part is answered, it is the API that fails, and not the batch.
package struct FailureIsolatingClient<Inner: OnlineStatusClient>: OnlineStatusClient {
    private let inner: Inner
    private let batches: InFlightBatches
    private let budget: SplitBudget

    /// - Parameters:
    ///   - inner: asks, and asks again what failed for a moment.
    ///   - batches: counts all batches.
    ///   - budget: requests for parts of batches.
    package init(_ inner: Inner, batches: InFlightBatches, budget: SplitBudget) {
        self.inner = inner
        self.batches = batches
        self.budget = budget
    }

    /// Parts that fail one after the other, as many as halving a batch down to its first id and back takes.
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
            guard failure.mayBeOfOneID, batch.maxAttempts == nil, !Task.isCancelled else { throw failure }
            let permission = batch.count > 1 ? batches.maySplit(since: answers) : .denied
            if permission != .denied {
                try await split(&parts, permission)
                guard parts.isInVain, failure.failureClass == .throttled else { return parts.reply }
            } else if failure.failureClass != .throttled || batch.count == 1 && batches.isLastInFlight {
                throw failure
            }
            // An API that throttles every batch is waited for.
        }
    }

    private func split(
        _ parts: inout Parts, _ permission: InFlightBatches.Permission
    ) async throws(RequestFailure) {
        do {
            try await fetchParts(&parts)
        } catch {
            batches.finishSplit(permission, inVain: false)
            throw error
        }
        batches.finishSplit(permission, inVain: parts.isInVain)
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
            guard error.mayBeOfOneID, error.reason != parts.failure.reason else { throw error }
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

/// A batch that is being taken apart, and what its parts brought.
private struct Parts {
    let batch: IDBatch
    /// Why the batch as a whole failed last.
    private(set) var failure: RequestFailure
    private(set) var requestCounts = RequestCounts()
    /// Requests that carried each id.
    private(set) var attempts: [Int] = []
    /// Whether no part was answered.
    private(set) var isInVain = true
    private var waiting: [Range<Int>] = []
    private var answered = BatchReply(users: [], receivedAt: Timestamp(milliseconds: 0))

    init(of batch: IDBatch) {
        self.batch = batch
        failure = .notAsked
        requestCounts.requests = 0
    }

    /// The batch failed as a whole; its parts are its halves.
    /// - Returns: the failure with all that was spent on the batch.
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

    /// The batch was answered as a whole in the end.
    func joined(with reply: BatchReply) -> BatchReply {
        guard !attempts.isEmpty else { return reply }
        var reply = reply
        reply.attempts = batch.indices.map { reply.attempts(at: $0) + attempts[$0] }
        reply.requestCounts += requestCounts
        return reply
    }

    /// The first half comes first.
    private mutating func halve(_ range: Range<Int>) {
        let middle = range.lowerBound + (range.count + 1) / 2
        waiting += [middle..<range.upperBound, range.lowerBound..<middle]
    }

    /// - Returns: nil when nothing is left to ask for.
    mutating func next() -> Range<Int>? { waiting.popLast() }

    mutating func add(_ reply: BatchReply, at range: Range<Int>) {
        if reply.hasAnswers(of: range.count) { isInVain = false }
        requestCounts += reply.requestCounts
        answered.users += reply.users
        answered.receivedAt = max(answered.receivedAt, reply.receivedAt)
        for (place, index) in range.enumerated() {
            attempts[index] += reply.attempts(at: place)
            answered.failures[index] = reply.failures[place]
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
        if isInVain { for place in reply.failures.keys { reply.failures[place]?.wasAlone = false } }
        return reply
    }
}

extension RequestFailure {
    /// Of a batch for which no request was sent.
    fileprivate static let notAsked = RequestFailure(reason: .connection, failureClass: .transient, description: "")

    /// Whether one id of the request may be what made it fail.
    fileprivate var mayBeOfOneID: Bool {
        switch failureClass {
        case .transient, .stale, .throttled: requestCounts.requests > 0
        case .batchRefused, .fatal: false
        }
    }
}

extension BatchReply {
    /// Whether an id of the batch was answered: the reply may hold nothing but failures of parts.
    fileprivate func hasAnswers(of count: Int) -> Bool { failures.count < count }

    /// Adds what was spent on all of its ids before.
    fileprivate mutating func add(_ earlier: RequestCounts) {
        if !attempts.isEmpty { for place in attempts.indices { attempts[place] += earlier.requests } }
        requestCounts += earlier
    }
}

/// How many requests may be spent on parts of batches in one run.
package final class SplitBudget: Sendable {
    private let left: Mutex<Int>

    package init(_ requests: Int = BisectionLimits().splitRequests) { left = Mutex(requests) }

    /// - Returns: false if there is nothing left.
    func spend(_ requests: Int = 1) -> Bool {
        left.withLock { left in
            guard left >= requests else { return false }
            left -= requests
            return true
        }
    }
}
