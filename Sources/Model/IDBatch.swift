/// Ids for one request, in one buffer.
///
/// Ids are opaque bytes. A `String` would merge ids that differ only in Unicode normalisation.
package struct IDBatch: Sendable, Equatable {
    package private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// The most ids `get_online` takes in a request (Viber REST API, "Subscribers Status").
    package static let limit = 100

    package init() {}

    package init(_ ids: [[UInt8]]) { for id in ids { append(id[...]) } }

    package var count: Int { ends.count }
    package var isEmpty: Bool { ends.isEmpty }
    package var isFull: Bool { ends.count >= Self.limit }

    package subscript(position: Int) -> ArraySlice<UInt8> {
        bytes[(position == 0 ? 0 : ends[position - 1])..<ends[position]]
    }

    package mutating func append(_ id: ArraySlice<UInt8>) {
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
