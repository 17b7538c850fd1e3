/// Ids, each once, numbered in the order they came, compared byte for byte.
///
/// One buffer holds all ids and an open-addressing table their numbers: a `Set<String>` would merge ids that are equal
/// only under Unicode normalisation, and costs five times the memory.
package struct IDTable: Sendable {
    /// The ids, one behind the other.
    private var bytes: [UInt8] = []
    /// Where each ends.
    private var ends: [Int] = []
    /// The high half of each id's hash, and its number plus 1.
    ///
    /// The hash tells most ids apart before their bytes are looked at, which are elsewhere in memory.
    private var slots: HashSlots

    /// More than so many are not made room for before they come: the number may be a damaged file's.
    package static let mostCapacity = 1 << 20

    /// `capacity`: how many ids will come, if that is known; more may.
    package init(capacity: Int = 0) {
        let capacity = min(max(capacity, 0), Self.mostCapacity)
        var bits = 10
        while 1 << bits < capacity * 3 / 2 { bits += 1 }
        slots = HashSlots(bits: bits)
        ends.reserveCapacity(capacity)
    }

    package var count: Int { ends.count }

    /// The id with a number.
    package subscript(number: Int) -> ArraySlice<UInt8> {
        bytes[(number == 0 ? 0 : ends[number - 1])..<ends[number]]
    }

    /// Takes an id in, unless it is there.
    package mutating func insert(_ id: ArraySlice<UInt8>) -> (number: Int, isNew: Bool) {
        if (count + 1) * 3 / 2 > slots.words.count { slots.grow() }
        let hash = Self.hash(id)
        let slot = slot(of: id, hash)
        guard slots.words[slot] == 0 else { return (number(in: slot), false) }
        bytes.append(contentsOf: id)
        ends.append(bytes.count)
        slots.words[slot] = hash | UInt64(count)
        return (count - 1, true)
    }

    /// The number of an id; nil if it is not there.
    package func number(of id: ArraySlice<UInt8>) -> Int? {
        let slot = slot(of: id, Self.hash(id))
        return slots.words[slot] == 0 ? nil : number(in: slot)
    }

    private func number(in slot: Int) -> Int { Int(slots.words[slot] & 0xffff_ffff) - 1 }

    /// Where the id is, or would be.
    private func slot(of id: ArraySlice<UInt8>, _ hash: UInt64) -> Int {
        var slot = slots.first(hash)
        while slots.words[slot] != 0, slots.words[slot] >> 32 != hash >> 32 || !self[number(in: slot)].isSame(as: id) {
            slot = slots.after(slot)
        }
        return slot
    }

    /// The half that is kept.
    private static func hash(_ id: ArraySlice<UInt8>) -> UInt64 { ByteHash.hash(id) & 0xffff_ffff_0000_0000 }
}
