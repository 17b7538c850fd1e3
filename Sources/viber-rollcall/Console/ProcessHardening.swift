import Foundation
import Glibc

/// Protects the memory of a process that holds a token, and raises its limit of open files.
enum ProcessHardening {
    /// Keeps the token's memory out of core dumps, crash reports and other processes of the same user.
    ///
    /// Swift's crash handler prints registers and the memory they point to, which cron would mail. Set
    /// `SWIFT_BACKTRACE` to keep the handler.
    static func keepMemoryPrivate() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        unsafe _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // prctl is declared as variadic in C, which Swift cannot call; the kernel takes five words.
        typealias Control = @convention(c) (CInt, CUnsignedLong, CUnsignedLong, CUnsignedLong, CUnsignedLong) -> CInt
        if let symbol = unsafe dlsym(nil, "prctl") {
            let control = unsafe unsafeBitCast(symbol, to: Control.self)
            _ = control(setDumpable, 0, 0, 0, 0)
        }
        guard ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"] == nil else { return }
        for crash in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGQUIT] { _ = signal(crash, SIG_DFL) }
    }

    /// `PR_SET_DUMPABLE` of linux/prctl.h.
    private static let setDumpable: CInt = 4

    /// The number of file descriptors that a run needs besides its connections.
    private static let otherFiles = 32

    /// The number of requests that may be in flight with the file descriptors available to the process. Raises the soft
    /// limit if needed.
    ///
    /// - Parameter wanted: the number of requests that the settings request.
    /// - Returns: `wanted`, or a smaller number.
    /// - Throws: `ConfigurationError` if not even one request is possible.
    static func concurrency(wanted: Int) throws(ConfigurationError) -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        let needed = rlim_t(wanted + otherFiles)
        if limit.rlim_cur < needed, limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = min(needed, limit.rlim_max)
            unsafe _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        guard limit.rlim_cur < needed else { return wanted }
        let possible = Int(limit.rlim_cur) - otherFiles
        guard possible > 0 else {
            throw ConfigurationError(
                description:
                    "this process may open \(limit.rlim_cur) files at once but needs at least \(otherFiles + 1): "
                    + "raise the limit (ulimit -n 256)")
        }
        return possible
    }
}
