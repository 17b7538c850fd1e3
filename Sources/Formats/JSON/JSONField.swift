/// A member of a JSON object. Its value is the JSON text as received, without white space.
package struct JSONField: Sendable, Equatable {
    package var name: String
    package var json: [UInt8]

    package init(name: String, json: [UInt8]) {
        self.name = name
        self.json = json
    }

    /// The value as a string, if it is one.
    package var string: String? {
        guard json.count >= 2, json.first == UInt8(ascii: "\""), json.last == UInt8(ascii: "\"") else { return nil }
        return JSONText.unescape(json[1..<json.count - 1]).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The value as an integer, if it is one.
    package var integer: Int? { Int(String(decoding: json, as: UTF8.self)) }

    /// The members of a JSON object in their order, without later members of the same name.
    ///
    /// - Parameter document: text that a JSON decoder has accepted; this only finds where members start and end.
    /// - Returns: the members; nil if the document is not an object.
    package static func members(of document: [UInt8]) -> [JSONField]? {
        allMembers(of: document)?.firstOfEachName
    }

    /// The members of a JSON object in their order, including those of the same name.
    package static func allMembers(of document: [UInt8]) -> [JSONField]? {
        let bom: [UInt8] = [0xEF, 0xBB, 0xBF]
        var scanner = Scanner(bytes: document.starts(with: bom) ? document.dropFirst(3) : document[...])
        return scanner.object()
    }

    /// Scans JSON text by its brackets and quotes.
    private struct Scanner {
        var bytes: ArraySlice<UInt8>

        mutating func object() -> [JSONField]? {
            skipSpace()
            guard consume(UInt8(ascii: "{")) else { return nil }
            var fields: [JSONField] = []
            while true {
                skipSpace()
                if consume(UInt8(ascii: "}")) { return fields }
                let quoted = value()
                guard let name = JSONField(name: "", json: quoted).string else { return nil }
                skipSpace()
                guard consume(UInt8(ascii: ":")) else { return nil }
                let json = value()
                guard !json.isEmpty else { return nil }
                fields.append(JSONField(name: name, json: json))
                skipSpace()
                _ = consume(UInt8(ascii: ","))
            }
        }

        /// Reads one value up to the `,`, `:` or bracket that ends it, without the white space outside its strings.
        mutating func value() -> [UInt8] {
            var out: [UInt8] = []
            var depth = 0
            skipSpace()
            while let byte = bytes.first {
                switch byte {
                case UInt8(ascii: "\""): string(into: &out)
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    copy(into: &out)
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    guard depth > 0 else { return out }
                    depth -= 1
                    if out.last == UInt8(ascii: ",") { out.removeLast() }  // Foundation's decoder lets `[1,]` pass
                    copy(into: &out)
                case UInt8(ascii: ","), UInt8(ascii: ":"):
                    guard depth > 0 else { return out }
                    copy(into: &out)
                case 0x20, 0x09, 0x0A, 0x0D: bytes.removeFirst()
                default: copy(into: &out)
                }
            }
            return out
        }

        private mutating func string(into out: inout [UInt8]) {
            copy(into: &out)
            while let byte = bytes.first {
                copy(into: &out)
                if byte == UInt8(ascii: "\\"), !bytes.isEmpty {
                    copy(into: &out)
                } else if byte == UInt8(ascii: "\"") {
                    return
                }
            }
        }

        private mutating func copy(into out: inout [UInt8]) { out.append(bytes.removeFirst()) }

        private mutating func consume(_ byte: UInt8) -> Bool {
            guard bytes.first == byte else { return false }
            bytes.removeFirst()
            return true
        }

        private mutating func skipSpace() {
            while let byte = bytes.first, byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) { bytes.removeFirst() }
        }
    }
}

extension Sequence<JSONField> {
    /// The fields without later ones of the same name.
    package var firstOfEachName: [JSONField] {
        var names = Set<[UInt8]>()  // a `String` would merge names that differ only in Unicode normalisation
        return filter { names.insert(Array($0.name.utf8)).inserted }
    }
}
