/// A member of a JSON object. Its value is the JSON text as received, with white space between tokens removed.
package struct JSONMember: Sendable, Equatable {
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

    /// The members of a JSON object in their order; of duplicate names only the first.
    ///
    /// - Parameter document: text that a JSON decoder has accepted; this only finds where members start and end.
    /// - Returns: the members; nil if the document is not an object.
    package static func members(of document: [UInt8]) -> [JSONMember]? {
        allMembers(of: document)?.removingDuplicateNames
    }

    /// The members of a JSON object in their order, including those of the same name.
    package static func allMembers(of document: [UInt8]) -> [JSONMember]? {
        let bom: [UInt8] = [0xEF, 0xBB, 0xBF]
        var scanner = Scanner(bytes: document.starts(with: bom) ? document.dropFirst(3) : document[...])
        return scanner.scanObject()
    }

    /// Finds the values of JSON text by brackets and quotes only; does not validate it.
    private struct Scanner {
        var bytes: ArraySlice<UInt8>

        mutating func scanObject() -> [JSONMember]? {
            skipSpace()
            guard consume(UInt8(ascii: "{")) else { return nil }
            var members: [JSONMember] = []
            while true {
                skipSpace()
                if consume(UInt8(ascii: "}")) { return members }
                let quoted = scanValue()
                guard let name = JSONMember(name: "", json: quoted).string else { return nil }
                skipSpace()
                guard consume(UInt8(ascii: ":")) else { return nil }
                let json = scanValue()
                guard !json.isEmpty else { return nil }
                members.append(JSONMember(name: name, json: json))
                skipSpace()
                _ = consume(UInt8(ascii: ","))
            }
        }

        /// Reads one value, dropping white space between tokens. Stops before the `,`, `:` or closing bracket after it.
        mutating func scanValue() -> [UInt8] {
            var out: [UInt8] = []
            var depth = 0
            skipSpace()
            while let byte = bytes.first {
                switch byte {
                case UInt8(ascii: "\""): copyString(to: &out)
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    copyByte(to: &out)
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    guard depth > 0 else { return out }
                    depth -= 1
                    if out.last == UInt8(ascii: ",") { out.removeLast() }  // Foundation's decoder accepts `[1,]`
                    copyByte(to: &out)
                case UInt8(ascii: ","), UInt8(ascii: ":"):
                    guard depth > 0 else { return out }
                    copyByte(to: &out)
                case 0x20, 0x09, 0x0A, 0x0D: bytes.removeFirst()
                default: copyByte(to: &out)
                }
            }
            return out
        }

        private mutating func copyString(to out: inout [UInt8]) {
            copyByte(to: &out)
            while let byte = bytes.first {
                copyByte(to: &out)
                if byte == UInt8(ascii: "\\"), !bytes.isEmpty {
                    copyByte(to: &out)
                } else if byte == UInt8(ascii: "\"") {
                    return
                }
            }
        }

        private mutating func copyByte(to out: inout [UInt8]) { out.append(bytes.removeFirst()) }

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

extension Sequence<JSONMember> {
    /// The members without later ones of the same name.
    package var removingDuplicateNames: [JSONMember] {
        var names = Set<[UInt8]>()  // a `String` would merge names that differ only in Unicode normalisation
        return filter { names.insert(Array($0.name.utf8)).inserted }
    }
}
