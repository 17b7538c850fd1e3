import Files

/// Identifies a source by its kind, path, table or query, and column, to recognise later runs of the same source.
enum SourceKey {
    /// The SHA-256 of these, in lower-case hex.
    static func key(kind: String, options: SourceOptions, table: String?, column: String) -> String {
        let path = options.isStandardInput ? "stdin" : FilePaths.absolute(options.path)
        // No path or name contains NUL, so different sources give different bytes.
        let fields = [
            Array(kind.utf8), FilePaths.bytes(path), Array((options.query ?? table ?? "").utf8), Array(column.utf8),
        ]
        return Checksum.sha256(Array(fields.joined(separator: [0])))
    }
}
