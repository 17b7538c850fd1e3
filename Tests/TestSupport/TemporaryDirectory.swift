import Files
import Foundation

/// Makes a directory, runs `body` with its path, and removes it even if `body` throws.
package func withTemporaryDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/viber-rollcall-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileSystem.remove(path) }
    return try await body(path)
}

/// Writes bytes to a file.
package func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}

/// Writes text to a file in UTF-8.
package func write(_ text: String, to path: String) throws { try write(text.utf8, to: path) }

/// Reads the content of a file.
package func bytes(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
