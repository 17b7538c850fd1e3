import Crypto
import Dispatch
import Synchronization

extension Checksum {
    /// The SHA-256 of bytes as lower-case hex.
    package static func sha256(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hex }

    /// The HMAC-SHA-256 of bytes as lower-case hex.
    package static func hmacSHA256(_ bytes: [UInt8], key: [UInt8]) -> String {
        HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key)).hex
    }

    /// The SHA-256 of a file as lower-case hex, and the file's length in bytes.
    package static func sha256(ofFile path: String) throws -> (hex: String, length: Int) {
        let file = try InputFile(opening: path)
        var digest = SHA256()
        var total = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let length = try file.read(into: &buffer)
            if length == 0 { break }
            total += length
            unsafe buffer[..<length].withUnsafeBytes { unsafe digest.update(bufferPointer: $0) }
        }
        return (digest.finalize().hex, total)
    }
}

/// Computes the SHA-256 of a stream on a separate thread: hashing on the spooling thread took a seventh of its time.
package final class BackgroundSHA256: Sendable {
    private let digest = Mutex(SHA256())
    private let queue = DispatchQueue(label: "viber-rollcall.digest")
    private let freeSlots = DispatchSemaphore(value: 0)

    /// Maximum number of chunks in the queue.
    private static let maxQueued = 8

    // A semaphore that is released below its initial value traps, so it starts at 0.
    package init() { for _ in 0..<Self.maxQueued { freeSlots.signal() } }

    /// Appends bytes. Waits while the queue is full.
    package func update(_ bytes: [UInt8]) {
        freeSlots.wait()
        queue.async { [self] in
            digest.withLock { digest in unsafe bytes.withUnsafeBytes { unsafe digest.update(bufferPointer: $0) } }
            freeSlots.signal()
        }
    }

    /// Waits for the queue, and returns the SHA-256 of all bytes as lower-case hex.
    package func finish() -> String {
        queue.sync {}
        return digest.withLock { $0.finalize().hex }
    }
}

extension Sequence<UInt8> {
    fileprivate var hex: String {
        var text = ""
        for byte in self {
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16)
        }
        return text
    }
}
