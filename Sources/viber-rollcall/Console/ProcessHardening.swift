import Foundation
import Glibc

/// What a process that holds a token does for itself before anything else.
enum ProcessHardening {
    /// Lets no crash and no other process of the same user see the memory that the token is in.
    ///
    /// Swift's crash handler prints registers and the memory they point to, which cron would mail; whoever wants it sets
    /// `SWIFT_BACKTRACE`.
    static func keepMemoryPrivate() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        unsafe _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // Its C declaration takes any number of arguments, which Swift cannot call; the kernel takes five words.
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

    /// Descriptors that a run needs beside its connections.
    private static let otherFiles = 32

    /// How many requests may be in flight with the descriptors that the process may open; raises the soft limit if need be.
    /// - Parameter wanted: the number asked for.
    /// - Returns: `wanted`, or fewer.
    /// - Throws: `ConfigurationError` if not even one is possible.
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
                    "this process may open \(limit.rlim_cur) files at once, and needs \(otherFiles + 1) at least: "
                    + "raise the limit (ulimit -n 256)")
        }
        return possible
    }
}
