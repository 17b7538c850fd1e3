/// A set of ids, compared byte for byte.
///
/// One buffer holds all ids and an open-addressing table their places: a `Set<String>` would merge ids that are equal
/// only under Unicode normalisation, and costs five times the memory.
package struct IDSet: Sendable {
    /// Each id as its length in one byte and its bytes.
    private var ids: [UInt8] = []
    /// Places in `ids` plus 1; 0 is a free slot. The size is a power of two.
    private var slots = [UInt64](repeating: 0, count: 1 << 10)
    package private(set) var count = 0

    package init() {}

    /// - Parameter id: at most 255 bytes.
    /// - Returns: false if the id was there.
    package mutating func insert(_ id: ArraySlice<UInt8>) -> Bool {
        if (count + 1) * 2 > slots.count { grow() }
        var slot = Self.hash(id) & (slots.count - 1)
        while slots[slot] != 0 {
            if self[slots[slot]].elementsEqual(id) { return false }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = UInt64(ids.count + 1)
        ids.append(UInt8(truncatingIfNeeded: id.count))
        ids.append(contentsOf: id)
        count += 1
        return true
    }

    private subscript(place: UInt64) -> ArraySlice<UInt8> {
        let start = Int(place)
        return ids[start..<start + Int(ids[start - 1])]
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        for place in old where place != 0 {
            var slot = Self.hash(self[place]) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = place
        }
    }

    private static func hash(_ id: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        unsafe id.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
