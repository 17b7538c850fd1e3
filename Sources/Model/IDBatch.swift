public import Formats

/// The ids of one request, in one buffer.
///
/// Ids are opaque bytes. A `String` would merge ids that differ only in Unicode normalisation.
public struct IDBatch: Sendable, Equatable {
    /// The concatenated ids.
    public private(set) var bytes: [UInt8] = []
    /// The end offset of each id in `bytes`.
    public private(set) var ends: [Int] = []

    /// The maximum number of requests for a batch whose ids may cause the failures; nil for the usual number.
    package var maxAttempts: Int?

    /// The maximum number of ids in a `get_online` request (Viber REST API, "Subscribers Status").
    public static let limit = 100

    /// An empty batch.
    public init() {}

    package init(_ ids: [[UInt8]]) { for id in ids { append(id[...]) } }

    /// The number of ids.
    @inlinable public var count: Int { ends.count }
    /// The positions of the ids.
    package var indices: Range<Int> { 0..<count }
    /// Whether there are no ids.
    @inlinable public var isEmpty: Bool { ends.isEmpty }
    /// Whether the batch holds as many ids as a request can carry.
    @inlinable public var isFull: Bool { ends.count >= Self.limit }

    /// The id at a position.
    @inlinable
    public subscript(position: Int) -> ArraySlice<UInt8> { bytes[range(of: position)] }

    /// The range in `bytes` of the id at a position.
    @inlinable
    public func range(of position: Int) -> Range<Int> { (position == 0 ? 0 : ends[position - 1])..<ends[position] }

    /// Whether the id at a position is `id`.
    @inlinable
    public func holds(_ id: ArraySlice<UInt8>, at position: Int) -> Bool { self[position].bytesEqual(id) }

    package mutating func append(_ id: ArraySlice<UInt8>) {
        if ends.isEmpty {
            // Enough capacity for a full batch, if all ids are as long as the first.
            ends.reserveCapacity(Self.limit)
            bytes.reserveCapacity(Self.limit * id.count)
        }
        bytes.append(contentsOf: id)
        ends.append(bytes.count)
    }

    /// A batch with the ids at some positions.
    package func part(_ positions: some Sequence<Int>) -> IDBatch {
        var part = IDBatch()
        for position in positions { part.append(self[position]) }
        part.maxAttempts = maxAttempts
        return part
    }
}
