/// A complete response with HTTP status 200; the body is not decoded.
package struct HTTPResponse: Sendable {
    package var body: [UInt8]
    /// The `Content-Type` header; empty if there is none.
    package var type: String
}
