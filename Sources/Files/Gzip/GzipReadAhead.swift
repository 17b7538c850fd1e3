import Dispatch
import Formats
import Synchronization

/// Decompresses a file ahead on a separate thread, so that decompressing and parsing use two cores.
package final class GzipReadAhead: ByteInput {
    private let buffered = BoundedBuffer()
    private var piece: ArraySlice<UInt8> = []

    /// The number of gzip members; valid after the whole file was read.
    package private(set) var members = 0

    /// Bytes per piece; at most two pieces are buffered.
    private static let pieceSize = 1 << 18

    /// Starts to decompress a file. Its errors are thrown by `read`.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - name: the file's name in errors.
    package init(path: String, name: String) {
        DispatchQueue(label: "viber-rollcall.read-ahead").async { [buffered] in
            do {
                let gzip = try GzipReader(InputFile(opening: path), name: name, allowsPadding: false)
                var length = 1
                while length > 0 {
                    var bytes = [UInt8](repeating: 0, count: Self.pieceSize)
                    length = try gzip.read(into: &bytes)
                    bytes.removeLast(bytes.count - length)
                    guard buffered.enqueue(.success((bytes, gzip.members))) else { return }
                }
            } catch {
                _ = buffered.enqueue(.failure(error))
            }
        }
    }

    deinit { buffered.cancel() }

    package func read(into buffer: inout [UInt8]) throws -> Int {
        if piece.isEmpty {
            let next = try buffered.dequeue()
            piece = next.bytes[...]
            members = next.members
        }
        let length = min(piece.count, buffer.count)
        buffer.replaceSubrange(..<length, with: piece.prefix(length))
        piece = piece.dropFirst(length)
        return length
    }

    /// The queue between the two threads.
    private final class BoundedBuffer: Sendable {
        typealias Piece = Result<(bytes: [UInt8], members: Int), any Error>

        private let state = Mutex(State())
        private let filled = DispatchSemaphore(value: 0)
        private let freeSlots = DispatchSemaphore(value: 0)

        private struct State {
            var waiting: [Piece] = []
            /// The empty piece or the error that ends the stream.
            var end: Piece?
            var isCancelled = false
        }

        init() { for _ in 0..<2 { freeSlots.signal() } }

        /// Waits for a free slot.
        ///
        /// - Parameter piece: the next bytes.
        /// - Returns: false if the reader no longer exists.
        func enqueue(_ piece: Piece) -> Bool {
            freeSlots.wait()
            let isActive = state.withLock { state in
                state.waiting.append(piece)
                return !state.isCancelled
            }
            filled.signal()
            return isActive
        }

        func dequeue() throws -> (bytes: [UInt8], members: Int) {
            if let end = state.withLock({ $0.end }) { return try end.get() }
            filled.wait()
            let piece = state.withLock { state in
                let piece = state.waiting.removeFirst()
                if (try? piece.get().bytes.isEmpty) ?? true { state.end = piece }
                return piece
            }
            freeSlots.signal()
            return try piece.get()
        }

        func cancel() {
            state.withLock { $0.isCancelled = true }
            freeSlots.signal()
        }
    }
}
