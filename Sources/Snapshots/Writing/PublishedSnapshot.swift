package import Model

/// A snapshot that is in place.
package struct PublishedSnapshot: Sendable {
    package var summary: RunSummary
    /// The object of `summary.json` on one line.
    package var json: [UInt8]
    package var path: String
    package var files: [ManifestEntry]
    /// What a person should know that the snapshot could not yet say, in sentences.
    package var warnings: [String] = []
}
