/// The spool: the accepted ids of one run, each once, in source order, on disk.
///
/// A header, then for each id its length in one byte and its bytes. It is read from start to end only: batches, later
/// passes and publishing all walk in source order.
package enum SpoolFile {
    /// The most bytes of an id.
    package static let idLimit = 128

    static let header = Array("VRSPOOL1".utf8)
}

/// Reads a spool in order.
package struct SpoolReader {
    private var input: any ByteInput
    private let name: String
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var position = 0
    private var available = 0
    private var id: [UInt8] = []

    /// `name`: what errors call the input.
    package init(_ input: any ByteInput, name: String) throws {
        self.input = input
        self.name = name
        guard try take(SpoolFile.header.count), id == SpoolFile.header else {
            throw FileError(.failed, "not a spool:", path: name)
        }
    }

    /// The id that `next()` went to.
    package var current: ArraySlice<UInt8> { id[...] }

    /// - Returns: false after the last id.
    package mutating func next() throws -> Bool {
        guard try refill() else { return false }
        let length = Int(buffer[position])
        position += 1
        guard (1...SpoolFile.idLimit).contains(length) else {
            throw FileError(.failed, "an id of \(length) bytes is in the spool", path: name)
        }
        guard try take(length) else { throw FileError(.failed, "the spool is cut:", path: name) }
        return true
    }

    private mutating func take(_ count: Int) throws -> Bool {
        id.removeAll(keepingCapacity: true)
        while id.count < count {
            guard try refill() else { return false }
            let end = min(available, position + count - id.count)
            id.append(contentsOf: buffer[position..<end])
            position = end
        }
        return true
    }

    private mutating func refill() throws -> Bool {
        if position < available { return true }
        available = try input.read(into: &buffer)
        position = 0
        return available > 0
    }
}
