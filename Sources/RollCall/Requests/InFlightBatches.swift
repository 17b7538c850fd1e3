import Synchronization

/// Counts the batches in flight and those that were answered, to distinguish a failing batch from a failing API.
package final class InFlightBatches: Sendable {
    /// Whether a batch that failed may be split.
    enum Permission: Sendable { case denied, granted, onTrial }

    private let state = Mutex(State())

    private struct State {
        var active = 0
        var answers = 0
        /// Whether every part of a split batch failed, and nothing was answered since: then the API is failing.
        var isAPISuspect = false
        /// Whether a batch is being split on trial.
        var isTrying = false
    }

    package init() {}

    /// Number of batches, and parts of batches, of which at least one id was answered so far.
    package var answers: Int { state.withLock { $0.answers } }

    /// Whether a batch that is throttled repeatedly may be split on trial.
    package var maySplitOnTrial: Bool { state.withLock { !$0.isAPISuspect && !$0.isTrying } }

    /// Whether every part of a split batch failed, and nothing was answered since.
    var isAPISuspect: Bool { state.withLock { $0.isAPISuspect } }

    /// Whether the calling batch is the only one in flight, and others were answered.
    var isLastInFlight: Bool { state.withLock { $0.active == 1 && $0.answers > 0 } }

    func begin() { state.withLock { $0.active += 1 } }

    func end() { state.withLock { $0.active -= 1 } }

    func answered() {
        state.withLock { state in
            state.answers += 1
            state.isAPISuspect = false
        }
    }

    /// Decides whether a batch that failed may be split.
    ///
    /// If no other batch was answered since it was first requested, one batch at a time is split on trial.
    ///
    /// - Parameter answers: the value of `answers` when the batch was first requested.
    /// - Returns: `.denied` while the API is suspected to fail, and while another batch is split on trial.
    func maySplit(since answers: Int) -> Permission {
        state.withLock { state in
            guard !state.isAPISuspect else { return .denied }
            guard state.answers == answers else { return .granted }
            guard !state.isTrying else { return .denied }
            state.isTrying = true
            return .onTrial
        }
    }

    /// Records that a batch was split, and whether none of its parts was answered.
    func finishSplit(_ permission: Permission, allPartsFailed: Bool) {
        state.withLock { state in
            if permission == .onTrial { state.isTrying = false }
            if allPartsFailed { state.isAPISuspect = true }
        }
    }
}
