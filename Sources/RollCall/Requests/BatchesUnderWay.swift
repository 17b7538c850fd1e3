import Synchronization

/// Counts the batches in flight and their answers, to tell a batch that fails by itself from an API that fails.
package final class BatchesUnderWay: Sendable {
    private let state = Mutex(State())

    private struct State {
        var active = 0
        var answers = 0
        /// Whether a batch was taken apart in vain, and nothing was answered since: then it is the API that fails.
        var isDoubtful = false
        /// Whether a batch is being taken apart though no other was answered meanwhile.
        var isTrying = false
    }

    package init() {}

    /// Answers so far.
    package var answers: Int { state.withLock { $0.answers } }

    /// Whether a batch that is throttled again and again may be taken apart on trial.
    package var mayTry: Bool { state.withLock { !$0.isDoubtful && !$0.isTrying } }

    /// Whether the others that were asked for have their answers.
    var isOnlyOneUnanswered: Bool { state.withLock { $0.active == 1 && $0.answers > 0 } }

    func begin() { state.withLock { $0.active += 1 } }

    func end() { state.withLock { $0.active -= 1 } }

    func answered() {
        state.withLock { state in
            state.answers += 1
            state.isDoubtful = false
        }
    }

    /// Whether a batch that failed may be taken apart: others were answered since, or no other batch is being taken apart on trial.
    /// `answers`: as many as there were when the batch was first asked for.
    func mayTakeApart(since answers: Int) -> Bool {
        state.withLock { state in
            guard state.answers == answers else { return true }
            guard !state.isDoubtful, !state.isTrying else { return false }
            state.isTrying = true
            return true
        }
    }

    /// Notes what came of taking a batch apart.
    func tookApart(inVain: Bool) {
        state.withLock { state in
            state.isTrying = false
            if inVain { state.isDoubtful = true }
        }
    }
}
