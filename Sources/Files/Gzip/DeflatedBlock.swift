import CZlib
import Dispatch
import Synchronization

/// A part of a gzip member: some text, compressed by itself into whole deflate blocks that end on a byte.
///
/// Such parts may stand one behind the other in one member (RFC 1951, 3.2.4; pigz does the same), so that each can be
/// compressed on a core of its own. What a part cannot refer to is the text before it: at 512 KiB that makes a snapshot
/// longer by a thousandth at most (0.02 % at level 1, 0.1 % at level 6).
struct DeflatedBlock: Sendable {
    var bytes: [UInt8] = []
    /// CRC-32 and length of the text.
    var crc: UInt32
    var length: Int

    /// What stands behind the last part: an empty block with the final bit.
    static let end: [UInt8] = [3, 0]

    /// How far back a repetition may be: 8 KiB, some fifty rows. With zlib's 32 KiB, rows compress to 3 % more (repetitions
    /// that are farther away take more bits to name) in an eighth more time.
    private static let windowBits: Int32 = 13

    /// `level`: zlib's, 1 to 9. Returns nil if zlib has no memory.
    init?(_ text: [UInt8], level: Int32) {
        crc = Checksum.crc32(text[...])
        length = text.count
        var stream = unsafe z_stream()
        // The address stays the same throughout: zlib's state points back to the stream.
        let isDone = unsafe withUnsafeMutablePointer(to: &stream) { stream in
            guard
                unsafe deflateInit2_(
                    stream, level, Z_DEFLATED, -Self.windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                    Int32(MemoryLayout<z_stream>.size)) == Z_OK
            else { return false }
            defer { unsafe deflateEnd(stream) }
            // A flush takes up to six bytes more than the bound of the text.
            let room = unsafe Int(deflateBound(stream, UInt(text.count))) + 16
            bytes = unsafe [UInt8](unsafeUninitializedCapacity: room) { target, count in
                unsafe text.withUnsafeBufferPointer { source in
                    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                    unsafe stream.pointee.avail_in = UInt32(source.count)
                    unsafe stream.pointee.next_out = target.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(room)
                    unsafe _ = deflate(stream, Z_SYNC_FLUSH)
                    count = unsafe room - Int(stream.pointee.avail_out)
                }
            }
            return unsafe stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
        }
        guard isDone else { return nil }
    }

    /// One that is being made on another thread.
    final class Future: Sendable {
        private let isDone = DispatchSemaphore(value: 0)
        private let state: Mutex<(text: [UInt8], block: DeflatedBlock?)>

        init(_ text: consuming [UInt8], level: Int32, on queue: DispatchQueue) {
            state = Mutex((text, nil))
            queue.async { [self] in
                state.withLock { $0.block = DeflatedBlock($0.text, level: level) }
                isDone.signal()
            }
        }

        /// Waits for the block, once; nil if zlib had no memory for it.
        /// Returns the text, too, whose room can be used again: new memory costs as much as writing the rows into it.
        func wait() -> (text: [UInt8], block: DeflatedBlock?) {
            isDone.wait()
            return state.withLock { state in
                defer { state = ([], nil) }
                return state
            }
        }
    }
}
