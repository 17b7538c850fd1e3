import Files
import Glibc

/// The arguments and the environment of the process, byte for byte.
///
/// `CommandLine` and Foundation replace bytes that are not UTF-8, so that a path would name another file.
enum ProcessWords {
    /// The arguments without the program's name.
    static var arguments: [String] {
        // The standard library reads the arguments from /proc, which is missing in a bare chroot.
        guard CommandLine.argc > 0 else { return argumentsOnStack }
        return (1..<max(Int(CommandLine.argc), 1)).compactMap { index in
            unsafe CommandLine.unsafeArgv[index].map { unsafe text($0) }
        }
    }

    /// The arguments as the kernel puts them in front of the environment: argc, argc pointers, and a null pointer
    /// (System V ABI, "Initial Stack and Register State").
    private static var argumentsOnStack: [String] {
        guard var pointer = unsafe UnsafePointer(environ).map({ unsafe $0 - 1 }), unsafe pointer.pointee == nil else {
            return []
        }
        var words: [String] = []
        while words.count < 1 << 16 {
            unsafe pointer -= 1
            guard let word = unsafe pointer.pointee, Int(bitPattern: word) != words.count else { break }
            words.insert(unsafe text(word), at: 0)
        }
        return Array(words.dropFirst())
    }

    static var environment: [String: String] {
        var variables: [String: String] = [:]
        var index = 0
        while let word = unsafe environ[index] {
            let parts = unsafe text(word).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, variables[String(parts[0])] == nil { variables[String(parts[0])] = String(parts[1]) }
            index += 1
        }
        return variables
    }

    @unsafe
    private static func text(_ word: UnsafePointer<CChar>) -> String {
        unsafe FilePaths.text(UnsafeRawBufferPointer(start: word, count: strlen(word)))
    }
}
