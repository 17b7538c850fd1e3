/// A set of ids, indexed in insertion order and compared byte for byte.
///
/// One buffer holds all ids, and an open-addressing table holds their indices. A `Set<String>` would merge ids that are
/// equal only under Unicode normalisation, and needs five times the memory.
package struct IDTable: Sendable {
    /// The ids, concatenated.
    private var bytes: [UInt8] = []
    /// The end offset of each id in `bytes`.
    private var ends: [Int] = []
    /// The high half of each id's hash, and its index plus 1.
    ///
    /// The hash distinguishes most ids without a cache miss on their bytes.
    private var slots: HashSlots

    /// Maximum number of ids for which memory is reserved: the expected number may come from a damaged file.
    package static let maxReservedCapacity = 1 << 20

    /// Creates an empty table.
    ///
    /// - Parameter capacity: the expected number of ids, if it is known; the table grows beyond it.
    package init(capacity: Int = 0) {
        let capacity = min(max(capacity, 0), Self.maxReservedCapacity)
        var bits = 10
        while 1 << bits < capacity * 3 / 2 { bits += 1 }
        slots = HashSlots(bits: bits)
        ends.reserveCapacity(capacity)
    }

    package var count: Int { ends.count }

    /// The id at an index, in insertion order.
    package subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    /// Inserts an id if the table does not contain it.
    ///
    /// - Parameter id: the id.
    /// - Returns: its index, and whether it was inserted.
    package mutating func insert(_ id: ArraySlice<UInt8>) -> (index: Int, isInserted: Bool) {
        if (count + 1) * 3 / 2 > slots.words.count { slots.grow() }
        let hash = Self.hash(id)
        let slot = slot(of: id, hash)
        guard slots.words[slot] == 0 else { return (index(in: slot), false) }
        bytes.append(contentsOf: id)
        ends.append(bytes.count)
        slots.words[slot] = hash | UInt64(count)
        return (count - 1, true)
    }

    /// The index of an id; nil if the table does not contain it.
    package func index(of id: ArraySlice<UInt8>) -> Int? {
        let slot = slot(of: id, Self.hash(id))
        return slots.words[slot] == 0 ? nil : index(in: slot)
    }

    private func index(in slot: Int) -> Int { Int(slots.words[slot] & 0xffff_ffff) - 1 }

    /// The slot of the id, or the free slot for it.
    private func slot(of id: ArraySlice<UInt8>, _ hash: UInt64) -> Int {
        var slot = slots.first(hash)
        while slots.words[slot] != 0, slots.words[slot] >> 32 != hash >> 32 || !self[index(in: slot)].bytesEqual(id) {
            slot = slots.after(slot)
        }
        return slot
    }

    /// The half of the hash that is stored.
    private static func hash(_ id: ArraySlice<UInt8>) -> UInt64 { ByteHash.hash(id) & 0xffff_ffff_0000_0000 }
}
