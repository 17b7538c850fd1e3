import Model

/// Fetches one batch, and once more the ids that a valid reply left unresolved: those it omitted, and those it gave two
/// statuses.
struct BatchQuery: Sendable {
    let client: any OnlineStatusClient

    func run(_ batch: Batches.Batch) async -> BatchOutcome {
        var outcome = BatchOutcome(batch: batch)
        do throws(RequestFailure) {
            let unresolved = try await fetch(batch.ids, at: Array(batch.indices), &outcome)
            guard !unresolved.isEmpty else { return outcome }
            do throws(RequestFailure) {
                _ = try await fetch(batch.ids.part(unresolved), at: unresolved, &outcome)
            } catch {
                // Later passes retry; only a failure that ends the run is reported.
                if case .fatal = error.failureClass { throw error }
            }
        } catch {
            outcome.failure = error
        }
        return outcome
    }

    /// Fetches some ids of the batch.
    ///
    /// - Parameters:
    ///   - ids: the ids to send.
    ///   - indices: their indices in the batch.
    ///   - outcome: updated with the reply, or with the failure.
    /// - Returns: the indices that the reply left unresolved.
    /// - Throws: the failure of the request.
    private func fetch(
        _ ids: IDBatch,
        at indices: [Int],
        _ outcome: inout BatchOutcome
    ) async throws(RequestFailure) -> [Int] {
        do {
            let reply = try await client.fetch(ids)
            let matched = ReplyMatcher(ids, reply)
            outcome.count(reply.requestCounts)
            outcome.usage.extraUsers += matched.extraUsers
            outcome.usage.duplicateUsers += matched.duplicateUsers
            outcome.usage.statusMessageMismatches += matched.messageMismatches
            outcome.unknownStatuses += matched.unknownStatuses
            outcome.mismatchedReplies.append(matched.isMismatched)
            outcome.failure = outcome.failure ?? reply.failure
            let hasFailures = !reply.failures.isEmpty
            for (position, index) in indices.enumerated() {
                let failure = hasFailures ? reply.failures[position] : nil
                outcome.batch.entries[index].record(
                    matched.outcomes[position], requests: reply.attempts(at: position),
                    isFinal: failure?.isFinal ?? false,
                    failedAlone: failure?.wasAlone ?? false)
            }
            return matched.unresolved.map { indices[$0] }
        } catch {
            outcome.count(error.requestCounts)
            // If no request was sent, the ids keep their state.
            guard error.requestCounts.requests > 0 else { throw error }
            for index in indices {
                outcome.batch.entries[index].record(
                    .failed(error.reason), requests: error.requestCounts.requests, failedAlone: ids.maxAttempts != nil)
            }
            throw error
        }
    }
}

extension BatchOutcome {
    fileprivate mutating func count(_ requestCounts: RequestCounts) {
        usage.requests += requestCounts.requests
        usage.retries += max(requestCounts.requests - 1, 0)
        usage.throttled += requestCounts.throttled
    }
}
