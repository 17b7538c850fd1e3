import Files
import Formats

/// The ids that a spool contains, compared byte for byte: a hash table of their offsets in the spool.
///
/// An entry is 28 bits of an id's hash and the 36 bits of its offset. The ids stay in the spool; one is read back only
/// if the hash bits match, which in practice means that it is a duplicate. So ten million ids take 128 MiB. The table
/// is split into parts that grow one at a time, since a single table would exist twice while it doubles.
struct SeenIDs {
    private var parts = [Part](repeating: Part(), count: partCount)
    /// Never used; it keeps the compiler from removing the reads of `readAhead`.
    private var readAheadSum: UInt64 = 0

    /// The low bits of an id's hash select its part, the high bits the slot in the part.
    private static let partCount = 256
    private static let offsetBits = 36
    private static let offsetMask: UInt64 = 1 << offsetBits - 1

    /// A search for an id: the current slot of the table.
    struct Search {
        fileprivate let part: Int
        fileprivate var slot: Int
        /// The hash bits of an entry.
        fileprivate let hash: UInt64
    }

    /// Starts a search for an id by its hash (`ByteHash`).
    mutating func search(for hash: UInt64) -> Search {
        let part = Int(hash & UInt64(Self.partCount - 1))
        parts[part].makeRoom()
        return Search(part: part, slot: parts[part].slots.first(hash), hash: hash & ~Self.offsetMask)
    }

    /// Reads the first slots of the searches for some ids, so that they are in the processor's cache by then.
    mutating func readAhead(_ ids: WaitingIDs) {
        for entry in ids.entries {
            let slots = parts[Int(entry.hash & UInt64(Self.partCount - 1))].slots
            readAheadSum &+= slots.words[slots.first(entry.hash)]
        }
    }

    /// The next spool offset at which the id may be; nil if the spool does not contain it, so that it can be inserted.
    func next(_ search: inout Search) -> Int? { parts[search.part].next(&search) }

    /// Inserts an id that the spool does not contain.
    ///
    /// - Parameters:
    ///   - search: the search for the id, after `next` returned nil.
    ///   - offset: the id's offset in the spool.
    /// - Throws: `FileError` if the offset does not fit in an entry.
    mutating func insert(_ search: Search, at offset: Int) throws {
        guard offset <= Int(Self.offsetMask) else {
            throw FileError(.failed, "more than 64 GiB of ids in", path: "the source")
        }
        parts[search.part].slots.words[search.slot] = search.hash | UInt64(offset)
        parts[search.part].count += 1
    }

    /// A table that is at most three quarters full. No id is at offset 0 of a spool, so no entry equals a free slot.
    private struct Part {
        var slots = HashSlots(bits: 8)
        var count = 0

        func next(_ search: inout Search) -> Int? {
            while case let entry = slots.words[search.slot], entry != 0 {
                search.slot = slots.after(search.slot)
                if (entry ^ search.hash) & ~SeenIDs.offsetMask == 0 { return Int(entry & SeenIDs.offsetMask) }
            }
            return nil
        }

        mutating func makeRoom() { if count >= slots.words.count / 4 * 3 { slots.grow() } }
    }
}
