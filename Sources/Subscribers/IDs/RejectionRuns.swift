/// Joins consecutive rejected rows with the same reason and no value: four million empty lines become one rejection.
struct RejectionRuns {
    private var pending: Rejection?
    /// The source row after the pending ones, from 1.
    private var nextRow = 0
    /// The line of the first rejected row; 0 if there is none.
    private(set) var firstLine = 0

    /// Adds a rejected row, and passes the pending rows to `visit` if it does not continue them.
    ///
    /// - Parameters:
    ///   - rejection: the rejected row.
    ///   - row: the row's number in the source, from 1.
    ///   - visit: receives the pending rows.
    /// - Throws: the errors of `visit`.
    mutating func add(_ rejection: Rejection, row: Int, _ visit: (Rejection) throws -> Void) throws {
        if firstLine == 0 { firstLine = rejection.line }
        defer { nextRow = row + 1 }
        if let last = pending, row == nextRow, last.reason == rejection.reason, last.value.isEmpty,
            rejection.value.isEmpty
        {
            pending?.rows += 1
            return
        }
        try finish(visit)
        pending = rejection
    }

    /// Passes the pending rows to `visit`.
    mutating func finish(_ visit: (Rejection) throws -> Void) throws {
        if let pending { try visit(pending) }
        pending = nil
    }
}
