import Dispatch
import Formats
import Synchronization

/// Decompresses a file on a thread of its own, ahead of who takes the bytes: what decompresses and what parses use two
/// cores.
package final class GzipReadAhead: ByteInput {
    private let pieces = BoundedBuffer()
    private var piece: ArraySlice<UInt8> = []

    /// Members of the file, when all of it was read.
    package private(set) var members = 0

    /// Bytes that are decompressed at once; two of such pieces may wait.
    private static let pieceSize = 1 << 18

    /// `name`: what errors call the file.
    /// What is wrong with it is thrown by `read`.
    package init(path: String, name: String) {
        DispatchQueue(label: "viber-rollcall.read-ahead").async { [pieces] in
            do {
                let gzip = try GzipReader(InputFile(opening: path), name: name, allowsPadding: false)
                var length = 1
                while length > 0 {
                    var bytes = [UInt8](repeating: 0, count: Self.pieceSize)
                    length = try gzip.read(into: &bytes)
                    bytes.removeLast(bytes.count - length)
                    guard pieces.enqueue(.success((bytes, gzip.members))) else { return }
                }
            } catch {
                _ = pieces.enqueue(.failure(error))
            }
        }
    }

    deinit { pieces.cancel() }

    package func read(into buffer: inout [UInt8]) throws -> Int {
        if piece.isEmpty {
            let next = try pieces.dequeue()
            piece = next.bytes[...]
            members = next.members
        }
        let length = min(piece.count, buffer.count)
        buffer.replaceSubrange(..<length, with: piece.prefix(length))
        piece = piece.dropFirst(length)
        return length
    }

    /// What the two threads hand over.
    private final class BoundedBuffer: Sendable {
        typealias Piece = Result<(bytes: [UInt8], members: Int), any Error>

        private let state = Mutex(State())
        private let filled = DispatchSemaphore(value: 0)
        private let room = DispatchSemaphore(value: 0)

        private struct State {
            var waiting: [Piece] = []
            /// The empty piece or the error at the end: nothing comes behind it.
            var end: Piece?
            var isCancelled = false
        }

        init() { for _ in 0..<2 { room.signal() } }

        /// Waits for room. Returns false if nobody reads any more.
        func enqueue(_ piece: Piece) -> Bool {
            room.wait()
            let isWanted = state.withLock { state in
                state.waiting.append(piece)
                return !state.isCancelled
            }
            filled.signal()
            return isWanted
        }

        func dequeue() throws -> (bytes: [UInt8], members: Int) {
            if let end = state.withLock({ $0.end }) { return try end.get() }
            filled.wait()
            let piece = state.withLock { state in
                let piece = state.waiting.removeFirst()
                if (try? piece.get().bytes.isEmpty) ?? true { state.end = piece }
                return piece
            }
            room.signal()
            return try piece.get()
        }

        func cancel() {
            state.withLock { $0.isCancelled = true }
            room.signal()
        }
    }
}
