import Glibc

/// Ids for one request, in one buffer.
///
/// Ids are opaque bytes. A `String` would merge ids that differ only in Unicode normalisation.
package struct IDBatch: Sendable, Equatable {
    package private(set) var bytes: [UInt8] = []
    /// Where each ends.
    package private(set) var ends: [Int] = []

    /// The most ids `get_online` takes in a request (Viber REST API, "Subscribers Status").
    package static let limit = 100

    package init() {}

    package init(_ ids: [[UInt8]]) { for id in ids { append(id[...]) } }

    @inlinable package var count: Int { ends.count }
    package var isEmpty: Bool { ends.isEmpty }
    package var isFull: Bool { ends.count >= Self.limit }

    @inlinable
    package subscript(position: Int) -> ArraySlice<UInt8> {
        bytes[(position == 0 ? 0 : ends[position - 1])..<ends[position]]
    }

    /// Whether an id stands at a position.
    @inlinable
    package func holds(_ id: ArraySlice<UInt8>, at position: Int) -> Bool { self[position].isSame(as: id) }

    package mutating func append(_ id: ArraySlice<UInt8>) {
        if ends.isEmpty {
            // Room for a whole batch, if its ids are as the first.
            ends.reserveCapacity(Self.limit)
            bytes.reserveCapacity(Self.limit * id.count)
        }
        bytes.append(contentsOf: id)
        ends.append(bytes.count)
    }

    /// The ids at some places, in a batch of their own.
    package func part(_ places: some Sequence<Int>) -> IDBatch {
        var part = IDBatch()
        for place in places { part.append(self[place]) }
        return part
    }
}

extension ArraySlice<UInt8> {
    /// Whether the bytes are the same; `==` compares them one by one.
    package func isSame(as other: ArraySlice<UInt8>) -> Bool {
        guard count == other.count else { return false }
        return unsafe withUnsafeBytes { left in
            unsafe other.withUnsafeBytes { right in
                // Nil is where an empty slice may begin.
                guard let left = left.baseAddress, let right = right.baseAddress else { return true }
                return unsafe memcmp(left, right, count) == 0
            }
        }
    }
}
