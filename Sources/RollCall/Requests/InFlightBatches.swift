import Synchronization

/// Counts the batches in flight and those that were answered, to tell a batch that fails by itself from an API that fails.
package final class InFlightBatches: Sendable {
    /// Whether a batch that failed may be taken apart.
    enum Permission: Sendable { case denied, granted, onTrial }

    private let state = Mutex(State())

    private struct State {
        var active = 0
        var answers = 0
        /// Whether a batch was taken apart in vain, and nothing was answered since: then it is the API that fails.
        var isAPISuspect = false
        /// Whether a batch is being taken apart on trial.
        var isTrying = false
    }

    package init() {}

    /// Batches, and parts of batches, of which at least one id was answered so far.
    package var answers: Int { state.withLock { $0.answers } }

    /// Whether a batch that is throttled again and again may be taken apart on trial.
    package var maySplitOnTrial: Bool { state.withLock { !$0.isAPISuspect && !$0.isTrying } }

    /// Whether parts of batches are requested in vain.
    var isAPISuspect: Bool { state.withLock { $0.isAPISuspect } }

    /// Whether the batch that asks is the only one in flight, and others were answered.
    var isLastInFlight: Bool { state.withLock { $0.active == 1 && $0.answers > 0 } }

    func begin() { state.withLock { $0.active += 1 } }

    func end() { state.withLock { $0.active -= 1 } }

    func answered() {
        state.withLock { state in
            state.answers += 1
            state.isAPISuspect = false
        }
    }

    /// Decides whether a batch that failed may be taken apart. If no other was answered since it was first requested, one batch
    /// at a time is taken apart on trial.
    ///
    /// - Parameter answers: as many as there were when the batch was first requested.
    /// - Returns: `.denied` while parts of batches are requested in vain.
    func maySplit(since answers: Int) -> Permission {
        state.withLock { state in
            guard !state.isAPISuspect else { return .denied }
            guard state.answers == answers else { return .granted }
            guard !state.isTrying else { return .denied }
            state.isTrying = true
            return .onTrial
        }
    }

    /// Notes that a batch was taken apart, and whether none of its parts was answered.
    func finishSplit(_ permission: Permission, inVain: Bool) {
        state.withLock { state in
            if permission == .onTrial { state.isTrying = false }
            if inVain { state.isAPISuspect = true }
        }
    }
}
