/// The names of the files in a snapshot's directory.
package enum SnapshotFile: String, Sendable, CaseIterable {
    case subscribers = "subscribers.csv.gz"
    case json = "snapshot.json.gz"
    case summary = "summary.json"
    case rejected = "rejected.csv"
}
