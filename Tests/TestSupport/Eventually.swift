/// Waits until something is so, for as long as a machine with other work may take.
/// - Returns: whether it is.
@discardableResult
package func eventually(within limit: Duration = .seconds(20), _ isSo: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + limit
    while !isSo() {
        guard ContinuousClock.now < end else { return false }
        await Task.yield()
    }
    return true
}
