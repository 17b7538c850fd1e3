/// The retries that a run may still send: a bucket of 100; a retry takes 1, a success gives 0.1 back.
///
/// In the long run there is at most one retry per ten requests, however many fail. An empty bucket means that the API
/// is down, not that single batches fail by chance.
package struct RetryBudget: Sendable, Equatable {
    package static let capacity = 100.0
    private static let refund = 0.1

    package private(set) var left = capacity

    package init() {}

    /// Spends one retry.
    ///
    /// - Returns: false if less than one is left.
    package mutating func spend() -> Bool {
        guard left >= 1 else { return false }
        left -= 1
        return true
    }

    package mutating func succeeded() { left = min(Self.capacity, left + Self.refund) }

    /// Refills the budget to at least a quarter when the API has recovered.
    package mutating func refill() { left = max(left, Self.capacity / 4) }
}
