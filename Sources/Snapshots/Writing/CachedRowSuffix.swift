import Model

/// The end of a row, formatted only when it changes: the rows of a reply have the same time and mostly equal attempts.
struct CachedRowSuffix {
    private var time: Timestamp?
    private var attempts = 0
    private var text: [UInt8] = []

    /// Appends the text that `write` makes for a time and attempts.
    mutating func append(
        _ time: Timestamp,
        _ attempts: Int,
        to out: inout [UInt8],
        write: (inout [UInt8]) -> Void
    ) {
        if time != self.time || attempts != self.attempts {
            text.removeAll(keepingCapacity: true)
            write(&text)
            self.time = time
            self.attempts = attempts
        }
        out.append(contentsOf: text)
    }
}
