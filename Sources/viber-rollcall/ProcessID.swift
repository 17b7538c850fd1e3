import Glibc

/// This process's number.
enum ProcessID {
    static var own: Int32 { getpid() }
}
