/// A part of a run's work, in pieces that can be repeated.
package struct HotPath {
    package var name: String
    /// Ids that one piece of the work is for.
    package var ids: Int
    package var work: () throws -> Void

    /// All of them, in the order in which a run comes to them.
    ///
    /// `ids`: how long the list is, in hundreds.
    /// `directory`: an empty one, for files to read and to write.
    package static func all(ids: Int, in directory: String) throws -> [HotPath] {
        let list = try SampleIDs(ids: ids, in: directory)
        return try spooling(list) + asking(list) + publishing(list) + reading(list)
    }
}
