package import Model

/// A snapshot that is in place.
package struct Published: Sendable {
    package var summary: RunSummary
    /// The object of `summary.json` on one line.
    package var json: [UInt8]
    package var path: String
    package var files: [FileFacts]
    /// What a person should know that the snapshot could not yet say, in sentences.
    package var notes: [String] = []
}
