/// How many more retries a run may send: a bucket of 100, a retry takes 1, a success gives 0.1 back.
///
/// In the long run there is at most one retry for ten requests, however much fails. An empty bucket means that the API is
/// down, and not that batches are unlucky.
package struct RetryBudget: Sendable, Equatable {
    package static let capacity = 100.0
    private static let refund = 0.1

    package private(set) var left = capacity

    package init() {}

    /// - Returns: false if there is nothing left for a retry.
    package mutating func spend() -> Bool {
        guard left >= 1 else { return false }
        left -= 1
        return true
    }

    package mutating func succeeded() { left = min(Self.capacity, left + Self.refund) }

    /// Gives back enough to begin again with, after the API was down.
    package mutating func refill() { left = max(left, Self.capacity / 4) }
}
