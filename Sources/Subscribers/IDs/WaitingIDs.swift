import Formats
import Journal

/// Accepted ids that are looked up in `SeenIDs` in groups, so that the processor reads memory for all of them at once.
///
/// With single lookups, waiting for memory takes a quarter of the time of spooling a million ids.
struct WaitingIDs {
    struct Entry {
        fileprivate var length: Int
        let hash: UInt64
        let line: Int
        /// Whether the id looks like a Viber id, so that it needs no warning.
        let looksLikeViberID: Bool
    }

    private(set) var entries: [Entry] = []
    /// The ids, each at its index times the maximum length of an id.
    private var bytes = [UInt8](repeating: 0, count: limit * SpoolFile.idLimit)

    private static let limit = 32

    init() { entries.reserveCapacity(Self.limit) }

    var isFull: Bool { entries.count == Self.limit }

    /// Copies an id of at most `SpoolFile.idLimit` bytes.
    mutating func append(_ id: ArraySlice<UInt8>, line: Int, looksLikeViberID: Bool) {
        let start = entries.count * SpoolFile.idLimit
        unsafe id.withUnsafeBytes { id in
            unsafe bytes.withUnsafeMutableBytes {
                unsafe UnsafeMutableRawBufferPointer(rebasing: $0[start...]).copyMemory(from: id)
            }
        }
        entries.append(
            Entry(length: id.count, hash: ByteHash.hash(id), line: line, looksLikeViberID: looksLikeViberID))
    }

    /// The id of an entry, by its index.
    func id(_ index: Int) -> ArraySlice<UInt8> {
        let start = index * SpoolFile.idLimit
        return bytes[start..<start + entries[index].length]
    }

    mutating func removeAll() { entries.removeAll(keepingCapacity: true) }
}
