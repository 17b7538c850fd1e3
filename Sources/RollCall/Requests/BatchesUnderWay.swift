import Synchronization

/// Counts the batches in flight and those that were answered, to tell a batch that fails by itself from an API that fails.
package final class BatchesUnderWay: Sendable {
    /// Whether a batch that failed may be taken apart.
    enum Permission: Sendable { case denied, granted, onTrial }

    private let state = Mutex(State())

    private struct State {
        var active = 0
        var answers = 0
        /// Whether a batch was taken apart in vain, and nothing was answered since: then it is the API that fails.
        var isDoubtful = false
        /// Whether a batch is being taken apart on trial.
        var isTrying = false
    }

    package init() {}

    /// Batches, and parts of batches, of which at least one id was answered so far.
    package var answers: Int { state.withLock { $0.answers } }

    /// Whether a batch that is throttled again and again may be taken apart on trial.
    package var mayTry: Bool { state.withLock { !$0.isDoubtful && !$0.isTrying } }

    /// Whether parts of batches are requested in vain.
    var isDoubtful: Bool { state.withLock { $0.isDoubtful } }

    /// Whether the batch that asks is the only one in flight, and others were answered.
    var isOnlyOneUnanswered: Bool { state.withLock { $0.active == 1 && $0.answers > 0 } }

    func begin() { state.withLock { $0.active += 1 } }

    func end() { state.withLock { $0.active -= 1 } }

    func answered() {
        state.withLock { state in
            state.answers += 1
            state.isDoubtful = false
        }
    }

    /// Decides whether a batch that failed may be taken apart. If no other was answered since it was first requested, one batch
    /// at a time is taken apart on trial.
    ///
    /// - Parameter answers: as many as there were when the batch was first requested.
    /// - Returns: `.denied` while parts of batches are requested in vain.
    func mayTakeApart(since answers: Int) -> Permission {
        state.withLock { state in
            guard !state.isDoubtful else { return .denied }
            guard state.answers == answers else { return .granted }
            guard !state.isTrying else { return .denied }
            state.isTrying = true
            return .onTrial
        }
    }

    /// Notes that a batch was taken apart, and whether none of its parts was answered.
    func tookApart(_ permission: Permission, inVain: Bool) {
        state.withLock { state in
            if permission == .onTrial { state.isTrying = false }
            if inVain { state.isDoubtful = true }
        }
    }
}
