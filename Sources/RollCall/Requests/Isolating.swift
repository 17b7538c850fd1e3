package import Model
import Synchronization

/// Takes a batch apart that fails by itself, however it fails, half by half, so that one id never costs the others.
///
/// The parts are asked for once each: a part that fails as the batch did is halved again, and one that fails in another way,
/// which is chance, is asked for as any batch is. If no part is answered, it is the API that fails, and not the batch.
package struct Isolating<Inner: Asking>: Asking {
    private let inner: Inner
    private let batches: BatchesUnderWay
    private let budget: PartBudget

    /// - Parameters:
    ///   - inner: asks, and asks again what failed for a moment.
    ///   - batches: counts all batches.
    ///   - budget: requests for parts of batches.
    package init(_ inner: Inner, batches: BatchesUnderWay, budget: PartBudget) {
        self.inner = inner
        self.batches = batches
        self.budget = budget
    }

    /// Parts that fail one after the other, as many as halving a batch down to its first id and back takes.
    private static var patience: Int { 14 }

    package func ask(_ batch: IDBatch) async throws(RequestFailure) -> OnlineReply {
        batches.begin()
        defer { batches.end() }
        let answers = batches.answers
        let failure: RequestFailure
        do {
            let reply = try await inner.ask(batch)
            batches.answered()
            return reply
        } catch {
            failure = error
        }
        guard failure.mayBeOfOneID, batch.mostTries == nil, !Task.isCancelled else { throw failure }
        // A list of one id shows nothing of who is to blame.
        let isOnlyID = batch.count == 1 && failure.handling == .throttled && batches.answers == 0
        guard isOnlyID || batch.count > 1, batches.mayTakeApart(since: answers) else { throw failure }
        var parts = Parts(of: batch, failure)
        do {
            try await ask(&parts)
        } catch {
            batches.tookApart(inVain: false)
            throw error
        }
        batches.tookApart(inVain: parts.isInVain)
        guard parts.isInVain, failure.handling == .throttled else { return parts.reply }
        // The API asks for patience after all.
        return try await patiently(batch, parts)
    }

    private func ask(_ parts: inout Parts) async throws(RequestFailure) {
        var failed = 0
        while let range = parts.next() {
            guard failed < Self.patience, !Task.isCancelled, budget.spend() else {
                parts.giveUp(range)
                continue
            }
            do throws(RequestFailure) {
                parts.add(try await reply(to: parts, range), at: range)
                batches.answered()
                failed = 0
            } catch {
                if case .fatal = error.handling { throw error.after(parts.effort) }
                parts.add(error, at: range)
                failed += 1
            }
        }
    }

    private func reply(to parts: Parts, _ range: Range<Int>) async throws(RequestFailure) -> OnlineReply {
        var part = parts.batch.part(range)
        part.mostTries = 1
        do {
            return try await inner.ask(part)
        } catch {
            guard error.mayBeOfOneID, error.reason != parts.failure.reason else { throw error }
            // As often as any batch, and still as a part of one.
            part.mostTries = .max
            do {
                var reply = try await inner.ask(part)
                reply.add(error.effort)
                return reply
            } catch let second {
                throw second.after(error.effort)
            }
        }
    }

    private func patiently(_ batch: IDBatch, _ parts: Parts) async throws(RequestFailure) -> OnlineReply {
        do {
            var reply = try await inner.ask(batch)
            batches.answered()
            reply.attempts = batch.indices.map { reply.attempts(at: $0) + parts.attempts[$0] }
            reply.effort += parts.effort
            return reply
        } catch {
            throw error.after(parts.effort)
        }
    }
}

/// A batch that is being taken apart, and what its parts brought.
private struct Parts {
    let batch: IDBatch
    let failure: RequestFailure
    private(set) var effort: RequestEffort
    /// Requests that carried each id.
    private(set) var attempts: [Int]
    /// Whether no part was answered.
    private(set) var isInVain = true
    private var waiting: [Range<Int>] = []
    private var answered = OnlineReply(users: [], receivedAt: Timestamp(milliseconds: 0))

    init(of batch: IDBatch, _ failure: RequestFailure) {
        self.batch = batch
        self.failure = failure
        effort = failure.effort
        attempts = [Int](repeating: failure.effort.requests, count: batch.count)
        if batch.count > 1 { halve(0..<batch.count) }
    }

    /// The first half comes first.
    private mutating func halve(_ range: Range<Int>) {
        let middle = range.lowerBound + (range.count + 1) / 2
        waiting += [middle..<range.upperBound, range.lowerBound..<middle]
    }

    /// - Returns: nil when nothing is left to ask for.
    mutating func next() -> Range<Int>? { waiting.popLast() }

    mutating func add(_ reply: OnlineReply, at range: Range<Int>) {
        isInVain = false
        effort += reply.effort
        answered.users += reply.users
        answered.receivedAt = max(answered.receivedAt, reply.receivedAt)
        for (place, index) in range.enumerated() {
            attempts[index] += reply.attempts(at: place)
            answered.failures[index] = reply.failures[place]
        }
    }

    mutating func add(_ error: RequestFailure, at range: Range<Int>) {
        effort += error.effort
        for index in range { attempts[index] += error.effort.requests }
        if range.count > 1 { return halve(range) }
        answered.failures[range.lowerBound] = .init(reason: error.reason, isFinal: false, wasAlone: true)
    }

    mutating func giveUp(_ range: Range<Int>) {
        for index in range { answered.failures[index] = .init(reason: failure.reason, isFinal: false) }
    }

    var reply: OnlineReply {
        var reply = answered
        reply.effort = effort
        reply.attempts = attempts
        reply.failure = failure
        // If no part was answered, the API failed, and no id caused it.
        if isInVain { for place in reply.failures.keys { reply.failures[place]?.wasAlone = false } }
        return reply
    }
}

extension RequestFailure {
    /// Whether one id of the request may be what made it fail.
    fileprivate var mayBeOfOneID: Bool {
        switch handling {
        case .transient, .stale, .throttled: effort.requests > 0
        case .batchRefused, .fatal: false
        }
    }
}

extension OnlineReply {
    /// Adds what was spent on all of its ids before.
    fileprivate mutating func add(_ earlier: RequestEffort) {
        if !attempts.isEmpty { for place in attempts.indices { attempts[place] += earlier.requests } }
        effort += earlier
    }
}

/// How many requests may be spent on parts of batches in one run.
package final class PartBudget: Sendable {
    private let left: Mutex<Int>

    package init(_ requests: Int = BisectionLimits().extraRequests) { left = Mutex(requests) }

    /// - Returns: false if there is nothing left.
    func spend(_ requests: Int = 1) -> Bool {
        left.withLock { left in
            guard left >= requests else { return false }
            left -= requests
            return true
        }
    }
}
