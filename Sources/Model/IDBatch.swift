public import Formats

/// Ids for one request, in one buffer.
///
/// Ids are opaque bytes. A `String` would merge ids that differ only in Unicode normalisation.
public struct IDBatch: Sendable, Equatable {
    /// The ids, one behind the other.
    public private(set) var bytes: [UInt8] = []
    /// Where each ends.
    public private(set) var ends: [Int] = []

    /// How often it is asked for at most, where what it holds may be what makes requests fail; nil for as often as any batch.
    package var maxAttempts: Int?

    /// The most ids `get_online` takes in a request (Viber REST API, "Subscribers Status").
    public static let limit = 100

    /// Without ids.
    public init() {}

    package init(_ ids: [[UInt8]]) { for id in ids { append(id[...]) } }

    /// How many ids there are.
    @inlinable public var count: Int { ends.count }
    /// The positions of its ids.
    package var indices: Range<Int> { 0..<count }
    /// Whether there is none.
    @inlinable public var isEmpty: Bool { ends.isEmpty }
    /// Whether no other fits in.
    @inlinable public var isFull: Bool { ends.count >= Self.limit }

    /// The id at a position.
    @inlinable
    public subscript(position: Int) -> ArraySlice<UInt8> { bytes[range(of: position)] }

    /// Where the id at a position stands in the bytes.
    @inlinable
    public func range(of position: Int) -> Range<Int> { (position == 0 ? 0 : ends[position - 1])..<ends[position] }

    /// Whether an id stands at a position.
    @inlinable
    public func holds(_ id: ArraySlice<UInt8>, at position: Int) -> Bool { self[position].isSame(as: id) }

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
        part.maxAttempts = maxAttempts
        return part
    }
}
