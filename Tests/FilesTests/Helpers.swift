import Files
import Foundation
import Glibc
import TestSupport
import Testing

/// Bytes in memory that come in pieces of at most a given size.
struct PieceInput: ByteInput {
    private var rest: ArraySlice<UInt8>
    private let size: Int

    init(_ bytes: some Sequence<UInt8>, size: Int = .max) {
        rest = Array(bytes)[...]
        self.size = size
    }

    mutating func read(into buffer: inout [UInt8]) -> Int {
        let length = min(rest.count, buffer.count, size)
        buffer.replaceSubrange(0..<length, with: rest.prefix(length))
        rest = rest.dropFirst(length)
        return length
    }
}

/// Everything an input has, read through a buffer of a given size.
func everything(_ input: any ByteInput, buffer size: Int = 1 << 16) throws -> [UInt8] {
    var input = input
    var buffer = [UInt8](repeating: 0, count: size)
    var all: [UInt8] = []
    while true {
        let length = try input.read(into: &buffer)
        if length == 0 { return all }
        all += buffer[..<length]
    }
}

/// Runs a Python program that has to end well, and gives the lines it printed.
func pythonLines(_ program: String, _ arguments: [String] = []) async throws -> [String] {
    let result = try await Tool.python(program, arguments)
    try #require(result.code == 0, "\(result.error)")
    return result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}

/// Bytes as lower-case hex: how they travel to Python and back.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// Type and permission bits of a name; a link is not followed.
func mode(of path: String) throws -> mode_t {
    var facts = stat()
    try #require(lstat(path, &facts) == 0, "\(path)")
    return facts.st_mode
}

/// Runs `body` under a umask. The thread has its own, so that tests that run beside it keep theirs.
func withUmask<Result: Sendable>(
    _ mask: mode_t,
    _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            // Some containers forbid it; then the mask is everybody's for as long as `body` runs.
            typealias Unshare = @convention(c) (CInt) -> CInt
            let cloneFS: CInt = 0x200
            if let symbol = dlsym(nil, "unshare") { _ = unsafeBitCast(symbol, to: Unshare.self)(cloneFS) }
            let before = umask(mask)
            let result = Swift.Result { try body() }
            _ = umask(before)
            continuation.resume(with: result)
        }
    }
}

extension SeededRandom {
    /// Bytes of which nothing is known.
    mutating func bytes(_ count: Int) -> [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(count + 8)
        while all.count < count { withUnsafeBytes(of: next()) { all.append(contentsOf: $0) } }
        return Array(all.prefix(count))
    }

    /// Bytes that repeat themselves, as rows of a snapshot do.
    mutating func compressibleBytes(_ count: Int) -> [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(count + 64)
        while all.count < count {
            all.append(contentsOf: "01234567890A=,\(next() % 5),online,2026-11-21T23:15:\(next() % 60)Z\n".utf8)
        }
        return Array(all.prefix(count))
    }
}
