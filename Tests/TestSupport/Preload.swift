import Testing

/// Libraries for `LD_PRELOAD` that replace system calls, so that a program sees rare results of the kernel.
package enum Preload {
    /// Builds a library from C source in a temporary directory, and runs `body` with its path.
    package static func with<Result>(_ source: String, _ body: (String) async throws -> Result) async throws -> Result {
        try await withTemporaryDirectory { directory in
            try write(source, to: directory + "/front.c")
            let built = try await Tool.run("clang", ["-shared", "-fPIC", "-o", "front.so", "front.c"], in: directory)
            try #require(built.code == 0, "\(built.error)")
            return try await body(directory + "/front.so")
        }
    }
}
