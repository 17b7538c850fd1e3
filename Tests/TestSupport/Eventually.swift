/// Waits until a condition holds. The default limit allows for a busy machine.
///
/// - Parameters:
///   - limit: the longest wait.
///   - condition: the condition.
/// - Returns: whether the condition holds.
@discardableResult
package func eventually(within limit: Duration = .seconds(20), _ condition: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + limit
    while !condition() {
        guard ContinuousClock.now < end else { return false }
        await Task.yield()
    }
    return true
}
