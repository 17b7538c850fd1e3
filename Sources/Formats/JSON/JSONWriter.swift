/// Writes JSON text: keys in the order given, no white space, numbers as given. Equal calls give equal bytes.
///
/// Foundation's encoder sorts or shuffles keys and needs the whole document in memory; a snapshot has a fixed order and
/// a million rows.
package struct JSONWriter: Sendable {
    package var bytes: [UInt8] = []
    private var needsComma = false

    package init() {}

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    package mutating func key(_ name: String) {
        separate()
        quote(name.utf8)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ value: String) { element { $0.quote(value.utf8) } }
    package mutating func string(_ value: ArraySlice<UInt8>) { element { $0.quote(value) } }
    package mutating func integer(_ value: Int64) { element { DecimalText.append(value, to: &$0.bytes) } }
    package mutating func integer(_ value: Int) { integer(Int64(value)) }
    package mutating func bool(_ value: Bool) { raw(Array((value ? "true" : "false").utf8)) }
    package mutating func null() { raw(Array("null".utf8)) }

    package mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    package mutating func member(_ name: String, _ value: Int) {
        key(name)
        integer(value)
    }

    package mutating func member(_ name: String, _ value: Bool) {
        key(name)
        bool(value)
    }

    /// Appends a complete JSON value.
    package mutating func raw(_ json: [UInt8]) { element { $0.bytes.append(contentsOf: json) } }

    /// Appends seconds with three decimals.
    package mutating func seconds(_ value: Double) { raw(Array(DecimalText.text(value, digits: 3).utf8)) }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() { if needsComma { bytes.append(UInt8(ascii: ",")) } }

    private mutating func element(_ write: (inout Self) -> Void) {
        separate()
        write(&self)
        needsComma = true
    }

    private mutating func quote(_ text: String.UTF8View) { quote(ArraySlice(text)) }

    private mutating func quote(_ text: ArraySlice<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        JSONText.escape(text, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }
}
