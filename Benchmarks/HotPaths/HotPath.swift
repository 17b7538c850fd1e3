/// A repeatable part of a run's work.
package struct HotPath {
    package var name: String
    /// Number of ids that one repetition processes.
    package var ids: Int
    package var work: () throws -> Void

    /// All hot paths, in the order in which a run executes them.
    ///
    /// - Parameters:
    ///   - ids: the number of ids in the list, a multiple of 100.
    ///   - directory: an empty directory for files.
    /// - Returns: the hot paths.
    /// - Throws: what preparing the files throws.
    package static func all(ids: Int, in directory: String) throws -> [HotPath] {
        let list = try SampleIDs(ids: ids, in: directory)
        return try spooling(list) + querying(list) + publishing(list) + reading(list)
    }
}
