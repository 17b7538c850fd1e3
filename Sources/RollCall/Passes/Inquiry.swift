import Model

/// Asks for one batch, and once more for the ids that a good answer left open: those it left out, and those it gave two
/// statuses.
struct Inquiry: Sendable {
    let asking: any Asking

    /// What a batch brought.
    struct Result: Sendable {
        /// Its entries hold what is known now.
        var batch: Batches.Batch
        /// What it took and what was odd about the answers.
        var use = RunSummary.APIUse()
        /// Why the batch as a whole brought nothing, or why no further request can.
        var failure: RequestFailure?
        /// Users whose status is a number that nobody documented.
        var unknownStatuses = 0
        /// For each answer, whether it was wholly for other ids.
        var answersForOthers: [Bool] = []
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
                if case .fatal = error.handling { throw error }
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
            let joined = Joining(ids, reply)
            result.count(reply.effort)
            result.use.extraUsers += joined.extraUsers
            result.use.duplicateUsers += joined.duplicateUsers
            result.use.statusMessageMismatches += joined.messageMismatches
            result.unknownStatuses += joined.unknownStatuses
            result.answersForOthers.append(joined.isForOthers)
            result.failure = result.failure ?? reply.failure
            let hasFailures = !reply.failures.isEmpty
            for (index, place) in places.enumerated() {
                let failure = hasFailures ? reply.failures[index] : nil
                result.batch.entries[place].record(
                    joined.outcomes[index], requests: reply.attempts(at: index), isFinal: failure?.isFinal ?? false,
                    failedAlone: failure?.wasAlone ?? false)
            }
            return joined.open.map { places[$0] }
        } catch {
            result.count(error.effort)
            // Ids that no request carried stay as they are.
            guard error.effort.requests > 0 else { throw error }
            for place in places {
                result.batch.entries[place].record(
                    .failed(error.reason), requests: error.effort.requests, failedAlone: ids.mostTries != nil)
            }
            throw error
        }
    }
}

extension Inquiry.Result {
    fileprivate mutating func count(_ effort: RequestEffort) {
        use.requests += effort.requests
        use.retries += max(effort.requests - 1, 0)
        use.throttled += effort.throttled
    }
}
