package import Model

/// A published snapshot.
package struct PublishedSnapshot: Sendable {
    package var summary: RunSummary
    /// The object of `summary.json` on one line.
    package var json: [UInt8]
    package var path: String
    package var files: [ManifestEntry]
    /// Warnings that came too late for the snapshot's own `warnings`, one sentence each.
    package var warnings: [String] = []
}
