import Testing

/// Libraries that stand in front of the system's, so that a program sees rare answers of the kernel: `LD_PRELOAD`.
package enum Preload {
    /// Builds one from C, in a directory of its own, while `body` runs with its path.
    package static func with<Result>(_ source: String, _ body: (String) async throws -> Result) async throws -> Result {
        try await withTemporaryDirectory { directory in
            try write(source, to: directory + "/front.c")
            let built = try await Tool.run("clang", ["-shared", "-fPIC", "-o", "front.so", "front.c"], in: directory)
            try #require(built.code == 0, "\(built.error)")
            return try await body(directory + "/front.so")
        }
    }
}
