import Foundation
import Glibc
import TestSupport
import Testing

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
