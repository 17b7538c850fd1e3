/// The slots of an open-addressing table. The high bits of each word are the hash of its key; 0 is a free slot.
///
/// The highest bits of a word give its slot, so the table grows without reading the keys.
public struct HashSlots: Sendable {
    /// The slots in order.
    public var words: [UInt64]
    @usableFromInline var bits: Int

    /// Creates an empty table.
    ///
    /// - Parameter bits: the table has 2^`bits` slots; at least 1.
    public init(bits: Int) {
        self.bits = bits
        words = [UInt64](repeating: 0, count: 1 << bits)
    }

    /// The slot at which the search for a hash starts.
    @inlinable public func first(_ hash: UInt64) -> Int { Int(hash >> UInt64(64 - bits)) }

    /// The slot that a search probes after this one.
    @inlinable public func after(_ slot: Int) -> Int { (slot + 1) & (words.count - 1) }

    /// Doubles the number of slots.
    public mutating func grow() {
        let old = words
        self = HashSlots(bits: bits + 1)
        for word in old where word != 0 {
            var slot = first(word)
            while words[slot] != 0 { slot = after(slot) }
            words[slot] = word
        }
    }
}
