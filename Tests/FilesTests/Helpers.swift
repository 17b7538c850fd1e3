import Foundation
import Glibc
import TestSupport
import Testing

/// The type and permission bits of a path, without following a link.
func mode(of path: String) throws -> mode_t {
    var info = stat()
    try #require(lstat(path, &info) == 0, "\(path)")
    return info.st_mode
}

/// Runs `body` under a umask, on a thread with its own umask, so that parallel tests keep theirs.
func withUmask<Result: Sendable>(
    _ mask: mode_t,
    _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            // Some containers forbid `unshare`; then the umask applies to all tests while `body` runs.
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
