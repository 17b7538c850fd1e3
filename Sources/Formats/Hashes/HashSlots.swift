/// The slots of an open-addressing table: words whose high bits are the hash of what they stand for. 0 is a free slot.
///
/// The highest bits of a word say where it belongs, so that the table grows without a look at what it stands for.
public struct HashSlots: Sendable {
    /// The slots in their order.
    public var words: [UInt64]
    @usableFromInline var bits: Int

    /// `bits`: the table has 2 to the power of it slots, 1 at least.
    public init(bits: Int) {
        self.bits = bits
        words = [UInt64](repeating: 0, count: 1 << bits)
    }

    /// Where the search for a hash begins.
    @inlinable public func first(_ hash: UInt64) -> Int { Int(hash >> UInt64(64 - bits)) }

    /// Where it goes on.
    @inlinable public func after(_ slot: Int) -> Int { (slot + 1) & (words.count - 1) }

    /// Doubles the table.
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
