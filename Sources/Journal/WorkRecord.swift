import Formats
import Foundation
package import Model

/// What a run under way says of itself in its work directory (`run.json`), so that a later one can go on with it.
package struct WorkRecord: Sendable {
    /// All that is known of the run so far.
    package var summary: RunSummary
    /// What the run was told: its source and where the API is. Only a run that is told the same goes on with it.
    package var key: String
    /// SHA-256 of the spool, lower-case hex.
    package var spoolSum: String

    /// Size and time of change of the source when it was read; nil for standard input.
    package var sourceState: String?

    package init(summary: RunSummary, key: String, spoolSum: String, sourceState: String? = nil) {
        self.summary = summary
        self.key = key
        self.spoolSum = spoolSum
        self.sourceState = sourceState
    }

    package var run: RunID { summary.run.id }

    private static let schema = "viber-rollcall/unfinished/1"

    /// The record as JSON on one line.
    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        for (name, value) in [("schema", Self.schema), ("key", key), ("spool_sha256", spoolSum)] {
            json.member(name, value)
        }
        if let sourceState {
            json.member("source_state", sourceState)
        }
        json.key("summary")
        json.raw(summary.json(files: []))
        json.endObject()
        return json.bytes + [0x0A]
    }

    /// Reads `json` back.
    ///
    /// Throws `DamagedSnapshot` if it makes no sense or is another version's.
    init(json content: [UInt8]) throws(DamagedSnapshot) {
        guard (try? JSONSerialization.jsonObject(with: Data(content))) != nil,
            let fields = JSONField.members(of: content)
        else { throw DamagedSnapshot("\(Self.fileName) is damaged") }
        let schema = fields.string("schema") ?? ""
        guard schema == Self.schema else { throw DamagedSnapshot("\(Self.fileName) is of another version") }
        guard let key = fields.string("key"), let sum = fields.string("spool_sha256"),
            let summary = fields.first(where: { $0.name == "summary" })
        else { throw DamagedSnapshot("\(Self.fileName) is damaged") }
        self.init(
            summary: try RunSummary.read(summary.json).0, key: key, spoolSum: sum,
            sourceState: fields.string("source_state"))
    }
}

extension [JSONField] {
    fileprivate func string(_ name: String) -> String? { first { $0.name == name }?.string }
}
