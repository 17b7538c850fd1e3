/// Traps with a message unless a condition holds. libFuzzer records the end of the process as a finding.
package func expect(_ holds: Bool, _ what: @autoclosure () -> String) {
    if !holds { broken(what()) }
}

/// Traps with a message. libFuzzer recognises a finding by the end of the process, so nothing else may trap on purpose.
package func broken(_ what: String) -> Never { fatalError("broken: " + what) }

/// The input of libFuzzer as an array.
package func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: start, count: count))
}
