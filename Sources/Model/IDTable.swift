/// Ids, each once, numbered in the order they came, compared byte for byte.
///
/// One buffer holds all ids and an open-addressing table their numbers: a `Set<String>` would merge ids that are equal
/// only under Unicode normalisation, and costs five times the memory.
package struct IDTable: Sendable {
    /// The ids, one behind the other.
    private var bytes: [UInt8] = []
    /// Where each ends.
    private var ends: [Int] = []
    /// Numbers plus 1; 0 is a free slot. The size is a power of two.
    private var slots: [UInt32]

    /// `capacity`: how many ids will come, if that is known; more may.
    package init(capacity: Int = 0) {
        var size = 1 << 10
        while size < capacity * 2 { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
        ends.reserveCapacity(capacity)
    }

    package var count: Int { ends.count }

    /// The id with a number.
    package subscript(number: Int) -> ArraySlice<UInt8> {
        bytes[(number == 0 ? 0 : ends[number - 1])..<ends[number]]
    }

    /// Takes an id in, unless it is there.
    package mutating func insert(_ id: ArraySlice<UInt8>) -> (number: Int, isNew: Bool) {
        if (count + 1) * 2 > slots.count { grow() }
        let slot = slot(of: id)
        guard slots[slot] == 0 else { return (Int(slots[slot]) - 1, false) }
        bytes.append(contentsOf: id)
        ends.append(bytes.count)
        slots[slot] = UInt32(truncatingIfNeeded: count)
        return (count - 1, true)
    }

    /// The number of an id; nil if it is not there.
    package func number(of id: ArraySlice<UInt8>) -> Int? {
        let number = slots[slot(of: id)]
        return number == 0 ? nil : Int(number) - 1
    }

    /// Where the id is, or would be.
    private func slot(of id: ArraySlice<UInt8>) -> Int {
        var slot = Self.hash(id) & (slots.count - 1)
        while slots[slot] != 0, !self[Int(slots[slot]) - 1].isSame(as: id) { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for number in 0..<count {
            var slot = Self.hash(self[number]) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(truncatingIfNeeded: number + 1)
        }
    }

    private static func hash(_ id: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        unsafe id.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
