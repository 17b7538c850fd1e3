import Files
import Formats

/// Which ids a spool holds, compared byte for byte: a hash table of their places in it.
///
/// An entry is 28 bits of an id's hash and the 36 of its place; the ids themselves stay in the spool, and one is read
/// back only when all those bits agree: in practice when it is there, at the cost of a read. So ten million ids take 128 MiB. The table is cut into parts that grow one after
/// the other, since a whole one would be there twice while it doubles.
struct SeenIDs {
    private var parts = [Part](repeating: Part(), count: partCount)
    /// Of no use, but that reading ahead is not optimized away.
    private var readAheadSum: UInt64 = 0

    /// Which part an id belongs to is told by the low bits of its hash, the place in it by the high ones.
    private static let partCount = 256
    private static let placeBits = 36
    private static let placeMask: UInt64 = 1 << placeBits - 1

    /// A search for an id: where it has come to in the table.
    struct Search {
        fileprivate let part: Int
        fileprivate var slot: Int
        /// The id's part of an entry.
        fileprivate let hash: UInt64
    }

    /// Begins to look for an id, by its hash (`ByteHash`).
    mutating func search(for hash: UInt64) -> Search {
        let part = Int(hash & UInt64(Self.partCount - 1))
        parts[part].makeRoom()
        return Search(part: part, slot: parts[part].slots.first(hash), hash: hash & ~Self.placeMask)
    }

    /// Reads the slots at which the searches for some ids will begin, so that the processor has them by then.
    mutating func readAhead(_ ids: WaitingIDs) {
        for entry in ids.entries {
            let slots = parts[Int(entry.hash & UInt64(Self.partCount - 1))].slots
            readAheadSum &+= slots.words[slots.first(entry.hash)]
        }
    }

    /// The next place where the id may stand; nil if there is none, and then the id can be inserted.
    func next(_ search: inout Search) -> Int? { parts[search.part].next(&search) }

    /// Takes in an id that was searched for to the end.
    /// `place`: where it will stand.
    /// - Throws: `FileError` if the place is beyond what an entry can hold.
    mutating func insert(_ search: Search, at place: Int) throws {
        guard place <= Int(Self.placeMask) else {
            throw FileError(.failed, "more than 64 GiB of ids in", path: "the source")
        }
        parts[search.part].slots.words[search.slot] = search.hash | UInt64(place)
        parts[search.part].count += 1
    }

    /// At most three quarters full. No id stands at place 0 of a spool, so that no entry is a free slot.
    private struct Part {
        var slots = HashSlots(bits: 8)
        var count = 0

        func next(_ search: inout Search) -> Int? {
            while case let entry = slots.words[search.slot], entry != 0 {
                search.slot = slots.after(search.slot)
                if (entry ^ search.hash) & ~SeenIDs.placeMask == 0 { return Int(entry & SeenIDs.placeMask) }
            }
            return nil
        }

        mutating func makeRoom() { if count >= slots.words.count / 4 * 3 { slots.grow() } }
    }
}
