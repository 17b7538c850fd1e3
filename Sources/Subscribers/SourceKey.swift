import Files

/// What makes two runs of the same source: kind, path, table or query, and column.
enum SourceKey {
    /// SHA-256 of those, lower-case hex.
    static func key(kind: String, options: SourceOptions, table: String?, column: String) -> String {
        let path = options.isStandardInput ? "stdin" : FilePaths.absolute(options.path)
        // NUL stands in no path and no name, so that no two sources give the same bytes.
        let fields = [
            Array(kind.utf8), FilePaths.bytes(path), Array((options.query ?? table ?? "").utf8), Array(column.utf8),
        ]
        return Checksum.sha256(Array(fields.joined(separator: [0])))
    }
}
