extension Fault {
    /// Applies the fault to the JSON object of a good response.
    ///
    /// - Parameters:
    ///   - document: the good response.
    ///   - token: the token of the request.
    func apply(to document: inout JSONObject, token: String?) {
        switch kind {
        case .users(.usersNull): document["users"] = "null"
        case .users(.usersAbsent): document["users"] = nil
        case .document(.keyOrder): document.fields.reverse()
        case .document(.unknownFields):
            document.fields.insert(("server", #"{"name":"a","load":[0.5,null]}"#), at: 0)
        case .document(.nan): document["note"] = "NaN"
        case .document(.loneSurrogate): document["note"] = #""\ud800""#
        case .document(.deepNesting):
            document["note"] = String(repeating: "[", count: amount) + String(repeating: "]", count: amount)
        case .document(.statusTwice): document.fields.append(("status", "12"))
        case .document(.statusText): document["status"] = #""0""#
        case .document(.statusHalf): document["status"] = "0.5"
        case .document(.statusNull): document["status"] = "null"
        case .document(.statusAbsent): document["status"] = nil
        case .document(.longMessage):
            document = SandboxBodies.error(999, String(repeating: "long ", count: 200_000))
        case .document(.controlMessage):
            document = SandboxBodies.error(999, "\u{1b}[31mred\u{1b}[0m\r\nline 2\u{0}\u{7}\u{85}\u{202e}end")
        case .document(.tokenMessage): document = SandboxBodies.error(999, "no such token: \(token ?? "none")")
        default: break
        }
    }

    /// Applies the fault to the text of a good response.
    ///
    /// - Parameter json: the text.
    /// - Returns: the bytes to send.
    func altered(_ json: String) -> [UInt8] {
        let bytes = Array(json.utf8)
        switch kind {
        case .document(.bom): return [0xef, 0xbb, 0xbf] + bytes
        case .document(.utf16):
            return [0xff, 0xfe] + json.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        case .document(.trailingComma): return bytes.dropLast() + Array(",}".utf8)
        case .document(.trailingGarbage): return bytes + Array("<!-- cached -->".utf8)
        case .document(.twoDocuments): return bytes + bytes
        case .document(.nulBehind): return bytes + [0]
        case .document(.badUTF8):
            return bytes.dropLast() + Array(#","note":""#.utf8) + [0xc3, 0x28] + Array(#""}"#.utf8)
        default: return bytes
        }
    }
}
