/// What a snapshot holds is not what a snapshot holds.
package struct DamagedSnapshot: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
