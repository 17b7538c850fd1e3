import Glibc

/// Paths as `String`. For the system a path is bytes and need not be UTF-8; a `String` always is.
///
/// Each byte that is not valid UTF-8 becomes one of 128 scalars of a private use plane, and becomes that byte again in
/// system calls (Python does the same with surrogates). So every path passes through the program unchanged.
package enum FilePaths {
    private static let base: UInt32 = 0x10_F700

    /// The text for the bytes of a path, an argument or an environment variable.
    package static func text(_ bytes: some Collection<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self), !hasInvalidUTF8(text) { return text }
        var out = ""
        var rest = Array(bytes)[...]
        while let first = rest.first {
            var decoder = UTF8()
            var iterator = rest.prefix(4).makeIterator()
            if case .scalarValue(let scalar) = decoder.decode(&iterator), !isEscape(scalar) {
                out.unicodeScalars.append(scalar)
                rest = rest.dropFirst(UTF8.width(scalar))
            } else {
                // An ASCII byte always decodes, so this byte is at least 0x80.
                if let scalar = Unicode.Scalar(base + UInt32(first)) { out.unicodeScalars.append(scalar) }
                rest = rest.dropFirst()
            }
        }
        return out
    }

    /// The bytes of a path that `text` returned.
    package static func bytes(_ path: String) -> [UInt8] {
        guard hasInvalidUTF8(path) else { return Array(path.utf8) }
        return path.unicodeScalars.flatMap { scalar in
            isEscape(scalar) ? [UInt8(truncatingIfNeeded: scalar.value - base)] : Array(String(Character(scalar)).utf8)
        }
    }

    /// Whether a path has bytes that are not UTF-8.
    package static func hasInvalidUTF8(_ path: String) -> Bool { path.unicodeScalars.contains(where: isEscape) }

    /// A path for display: bytes that are not UTF-8 as `\xNN`.
    package static func escaped(_ path: String) -> String {
        guard hasInvalidUTF8(path) else { return path }
        return path.unicodeScalars.map { scalar in
            isEscape(scalar)
                ? "\\x" + String(scalar.value - base, radix: 16, uppercase: true) : String(Character(scalar))
        }.joined()
    }

    /// A path as one word of a shell command that the user may copy: in quotes if the shell would split or expand it.
    package static func shellWord(_ path: String) -> String {
        let path = path.hasPrefix("-") ? "./" + path : path
        let isSafe =
            !path.isEmpty
            && path.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || "0123456789/._-+,:@%=".unicodeScalars.contains($0)
            }
        return isSafe ? path : "'" + path.replacing("'", with: "'\\''") + "'"
    }

    /// The absolute path with `.`, `..` and `//` resolved. Does not access the disk, so links are not followed.
    package static func absolute(_ path: String) -> String {
        // Split by bytes: a `/` and a combining accent after it are one `Character`.
        var parts: [Substring.UTF8View] = []
        let whole = path.utf8.first == UInt8(ascii: "/") ? path : workingDirectory + "/" + path
        for part in whole.utf8.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            if !part.elementsEqual("..".utf8) { parts.append(part) } else if !parts.isEmpty { parts.removeLast() }
        }
        return "/" + parts.map { String(Substring($0)) }.joined(separator: "/")
    }

    private static var workingDirectory: String {
        guard let path = unsafe getcwd(nil, 0) else { return "" }
        defer { unsafe free(path) }
        return unsafe text(UnsafeRawBufferPointer(start: path, count: strlen(path)))
    }

    private static func isEscape(_ scalar: Unicode.Scalar) -> Bool {
        (base + 0x80...base + 0xFF).contains(scalar.value)
    }
}
