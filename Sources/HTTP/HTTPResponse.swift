/// A whole answer with HTTP status 200, not yet read.
package struct HTTPResponse: Sendable {
    package var body: [UInt8]
    /// The `Content-Type` header, or empty.
    package var type: String
}
