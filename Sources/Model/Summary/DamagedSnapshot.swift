/// The content of a snapshot is missing, malformed or contradicts itself.
package struct DamagedSnapshot: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
