/// Ends the process with a word on what is broken, which libFuzzer keeps as a finding, unless `holds`.
package func expect(_ holds: Bool, _ what: @autoclosure () -> String) {
    if !holds { broken(what()) }
}

/// The same for what cannot be. libFuzzer knows a finding by the end of the process, so this, and only this, is to trap.
package func broken(_ what: String) -> Never { fatalError("broken: " + what) }

/// The input that libFuzzer hands over.
package func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: start, count: count))
}
