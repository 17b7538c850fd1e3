import Files
import Formats
import Foundation
package import Model

/// The record of an unfinished run in its work directory (`run.json`), from which a later run can resume it.
package struct RunRecord: Sendable {
    /// The summary of the run so far.
    package var summary: RunSummary
    /// Identifies the source and the API's address. Only a run with the same key can resume this one.
    package var key: String
    /// SHA-256 of the spool, lower-case hex.
    package var spoolSum: String

    /// Recognises the token of the run without storing it.
    package var token: TokenHash?

    /// Size and modification time of the source when it was read; nil for standard input.
    package var sourceState: String?

    /// A keyed hash of a token.
    package struct TokenHash: Sendable, Equatable {
        /// Random for each run, so that the hashes of two runs cannot be compared.
        package var key: String
        /// HMAC-SHA-256 of the token, lower-case hex.
        package var hash: String

        package init(key: String, hash: String) {
            self.key = key
            self.hash = hash
        }
    }

    package init(
        summary: RunSummary, key: String, spoolSum: String, token: TokenHash? = nil, sourceState: String? = nil
    ) {
        self.summary = summary
        self.key = key
        self.spoolSum = spoolSum
        self.token = token
        self.sourceState = sourceState
    }

    package var run: RunID { summary.run.id }

    private static let schema = "viber-rollcall/unfinished/2"

    /// The record as JSON on one line. Its last member is the SHA-256 of everything before it.
    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        for (name, value) in [("schema", Self.schema), ("key", key), ("spool_sha256", spoolSum)] {
            json.member(name, value)
        }
        if let token {
            json.member("token_key", token.key)
            json.member("token_hmac", token.hash)
        }
        if let sourceState {
            json.member("source_state", sourceState)
        }
        json.key("summary")
        json.raw(summary.json(files: []))
        json.member("sha256", Checksum.sha256(json.bytes))
        json.endObject()
        return json.bytes + [0x0A]
    }

    /// The length in bytes of the part after the hashed bytes: `,"sha256":"…"}` and a line end.
    private static let tailLength = 11 + 64 + 3

    /// Reads `json` back.
    ///
    /// - Parameter content: the bytes of `json`.
    /// - Throws: `DamagedSnapshot` if the content is malformed, of another version, or was changed.
    init(json content: [UInt8]) throws(DamagedSnapshot) {
        guard (try? JSONSerialization.jsonObject(with: Data(content))) != nil,
            let fields = JSONMember.members(of: content)
        else { throw DamagedSnapshot("\(Self.fileName) is damaged") }
        let schema = fields.string("schema") ?? ""
        guard schema == Self.schema else { throw DamagedSnapshot("\(Self.fileName) is of another version") }
        guard let key = fields.string("key"), let sum = fields.string("spool_sha256"),
            let summary = fields.first(where: { $0.name == "summary" })
        else { throw DamagedSnapshot("\(Self.fileName) is damaged") }
        guard fields.string("sha256") == Checksum.sha256(Array(content.dropLast(Self.tailLength))) else {
            throw DamagedSnapshot("\(Self.fileName) is damaged: its checksum does not match")
        }
        let token = fields.string("token_key").flatMap { key in
            fields.string("token_hmac").map { TokenHash(key: key, hash: $0) }
        }
        self.init(
            summary: try RunSummary.read(summary.json).0, key: key, spoolSum: sum, token: token,
            sourceState: fields.string("source_state"))
    }
}

extension [JSONMember] {
    fileprivate func string(_ name: String) -> String? { first { $0.name == name }?.string }
}
