import Dispatch
import Formats
import Synchronization

/// Decompresses a file in the background, ahead of the reader, so that decompressing and parsing use two cores.
package final class GzipReadAhead: ByteInput {
    private let queue = BoundedQueue()
    private var chunk: ArraySlice<UInt8> = []

    /// The number of gzip members; valid after the whole file was read.
    package private(set) var members = 0

    /// Bytes per chunk; at most two chunks are queued.
    private static let chunkSize = 1 << 18

    /// Starts to decompress a file. Errors, also from opening it, are thrown by `read`.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - name: the file's name in errors.
    package init(path: String, name: String) {
        DispatchQueue(label: "viber-rollcall.read-ahead").async { [queue] in
            do {
                let gzip = try GzipReader(InputFile(opening: path), name: name, allowsPadding: false)
                var length = 1
                while length > 0 {
                    var bytes = [UInt8](repeating: 0, count: Self.chunkSize)
                    length = try gzip.read(into: &bytes)
                    bytes.removeLast(bytes.count - length)
                    guard queue.enqueue(.success((bytes, gzip.members))) else { return }
                }
            } catch {
                _ = queue.enqueue(.failure(error))
            }
        }
    }

    deinit { queue.cancel() }

    package func read(into buffer: inout [UInt8]) throws -> Int {
        if chunk.isEmpty {
            let next = try queue.dequeue()
            chunk = next.bytes[...]
            members = next.members
        }
        let length = min(chunk.count, buffer.count)
        buffer.replaceSubrange(..<length, with: chunk.prefix(length))
        chunk = chunk.dropFirst(length)
        return length
    }

    /// The queue between the two threads.
    private final class BoundedQueue: Sendable {
        typealias Item = Result<(bytes: [UInt8], members: Int), any Error>

        private let state = Mutex(State())
        private let filledSlots = DispatchSemaphore(value: 0)
        private let freeSlots = DispatchSemaphore(value: 0)

        private struct State {
            var queued: [Item] = []
            /// The empty chunk or the error that ends the stream.
            var end: Item?
            var isCancelled = false
        }

        // A semaphore that is released below its initial value traps, so it starts at 0.
        init() { for _ in 0..<2 { freeSlots.signal() } }

        /// Waits for a free slot.
        ///
        /// - Parameter chunk: the next bytes, or the error that ends the stream.
        /// - Returns: false if the reader no longer exists.
        func enqueue(_ chunk: Item) -> Bool {
            freeSlots.wait()
            let hasReader = state.withLock { state in
                state.queued.append(chunk)
                return !state.isCancelled
            }
            filledSlots.signal()
            return hasReader
        }

        func dequeue() throws -> (bytes: [UInt8], members: Int) {
            if let end = state.withLock({ $0.end }) { return try end.get() }
            filledSlots.wait()
            let chunk = state.withLock { state in
                let chunk = state.queued.removeFirst()
                if (try? chunk.get().bytes.isEmpty) ?? true { state.end = chunk }
                return chunk
            }
            freeSlots.signal()
            return try chunk.get()
        }

        func cancel() {
            state.withLock { $0.isCancelled = true }
            freeSlots.signal()
        }
    }
}
