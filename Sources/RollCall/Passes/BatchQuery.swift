import Model

/// Asks for one batch, and once more for the ids that a good answer left open: those it left out, and those it gave two
/// statuses.
struct BatchQuery: Sendable {
    let asking: any OnlineStatusClient

    /// What a batch brought.
    struct Result: Sendable {
        /// Its entries hold what is known now.
        var batch: Batches.Batch
        /// What it took and what was odd about the answers.
        var use = RunSummary.APIUsage()
        /// Why the batch as a whole brought nothing, or why no further request can.
        var failure: RequestFailure?
        /// Users whose status is a number that nobody documented.
        var unknownStatuses = 0
        /// For each answer, whether it was wholly for other ids.
        var mismatchedReplies: [Bool] = []
    }

    func ask(_ batch: Batches.Batch) async -> Result {
        var result = Result(batch: batch)
        do throws(RequestFailure) {
            let open = try await ask(batch.ids, at: Array(batch.indices), &result)
            guard !open.isEmpty else { return result }
            do throws(RequestFailure) {
                _ = try await ask(batch.ids.part(open), at: open, &result)
            } catch {
                // Later passes ask again; only what no pass can mend is told.
                if case .fatal = error.failureClass { throw error }
            }
        } catch {
            result.failure = error
        }
        return result
    }

    /// Asks for ids that stand at some places of the batch.
    ///
    /// Returns those that the answer left open.
    private func ask(
        _ ids: IDBatch,
        at places: [Int],
        _ result: inout Result
    ) async throws(RequestFailure) -> [Int] {
        do {
            let reply = try await asking.ask(ids)
            let joined = ReplyMatcher(ids, reply)
            result.count(reply.requestCounts)
            result.use.extraUsers += joined.extraUsers
            result.use.duplicateUsers += joined.duplicateUsers
            result.use.statusMessageMismatches += joined.messageMismatches
            result.unknownStatuses += joined.unknownStatuses
            result.mismatchedReplies.append(joined.isMismatched)
            result.failure = result.failure ?? reply.failure
            let hasFailures = !reply.failures.isEmpty
            for (index, place) in places.enumerated() {
                let failure = hasFailures ? reply.failures[index] : nil
                result.batch.entries[place].record(
                    joined.outcomes[index], requests: reply.attempts(at: index), isFinal: failure?.isFinal ?? false,
                    failedAlone: failure?.wasAlone ?? false)
            }
            return joined.unresolved.map { places[$0] }
        } catch {
            result.count(error.requestCounts)
            // Ids that no request carried stay as they are.
            guard error.requestCounts.requests > 0 else { throw error }
            for place in places {
                result.batch.entries[place].record(
                    .failed(error.reason), requests: error.requestCounts.requests, failedAlone: ids.maxAttempts != nil)
            }
            throw error
        }
    }
}

extension BatchQuery.Result {
    fileprivate mutating func count(_ requestCounts: RequestCounts) {
        use.requests += requestCounts.requests
        use.retries += max(requestCounts.requests - 1, 0)
        use.throttled += requestCounts.throttled
    }
}
