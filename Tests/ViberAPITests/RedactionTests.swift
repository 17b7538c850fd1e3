import Formats
import Foundation
import Model
import TestSupport
import Testing

@testable import ViberAPI

/// The token in all forms in which a server may repeat it.
@Suite struct RedactionTests {
    private static let secret = "5a4Db0c5A4db0c5a-4db0c5a4db0c5a4d-b0c5a4db0c5a4db0"

    private func redacted(_ text: String) throws -> String {
        String(decoding: try AuthToken(Self.secret.utf8).redacting(Array(text.utf8)), as: UTF8.self)
    }

    private static func escaped(_ escape: (UInt8) -> String, every step: Int = 1) -> String {
        Self.secret.utf8.enumerated().map { offset, byte in
            offset % step == 0 ? escape(byte) : String(decoding: [byte], as: UTF8.self)
        }.joined()
    }

    private static func hex(_ byte: UInt8) -> String { String(byte, radix: 16) }

    private static let forms: [(name: String, text: String)] = [
        ("percent", escaped { "%" + hex($0) }), ("percent in capitals", escaped { "%" + hex($0).uppercased() }),
        ("percent now and then", escaped({ "%" + hex($0) }, every: 2)), ("JSON", escaped { "\\u00" + hex($0) }),
        ("JSON now and then", escaped({ "\\u00" + hex($0) }, every: 3)), ("Swift", escaped { "\\u{" + hex($0) + "}" }),
        ("C", escaped { "\\x" + hex($0) }), ("HTML", escaped { "&#\($0);" }),
        ("HTML in hex", escaped { "&#x\(hex($0));" }),
        ("HTML in HTML", escaped { "&amp;#\($0);" }),
        ("HTML with zeros", escaped { "&#X000\(hex($0));" }), ("backslashes", secret.replacing("-", with: "\\-")),
        ("twice", escaped { "%25" + hex($0) }), ("percent in JSON", escaped { "\\u0025" + hex($0) }),
        ("base64", Data(secret.utf8).base64EncodedString()),
        ("base64 behind one", Data("x\(secret)".utf8).base64EncodedString()),
        ("base64 in a host name", Data("x\(secret)".utf8).base64EncodedString().lowercased()),
        ("base64 behind two", Data("xy\(secret)y".utf8).base64EncodedString()), ("hex", secret.utf8.map(hex).joined()),
        ("hex in capitals", secret.utf8.map { hex($0).uppercased() }.joined()),
        (
            "base64, escaped",
            Data(secret.utf8).base64EncodedString().replacing("=", with: "%3D").replacing("N", with: "%4e")
        ),
    ]

    @Test(arguments: forms) func `an encoded token redacts the whole text`(_ form: (name: String, text: String))
        throws
    {
        for text in [form.text, "before \(form.text) behind"] {
            #expect(try redacted(text) == "<token>", "\(form.name): \(text)")
        }
    }

    @Test func `an unencoded token is redacted in either case`() throws {
        for text in [Self.secret, Self.secret.lowercased(), Self.secret.uppercased()] {
            #expect(try redacted("a \(text), b \(text)") == "a <token>, b <token>")
        }
    }

    @Test(arguments: [
        "", "x", "%", "%4", "\\", "\\u00", "&#", "&#;", "&#x;", "&#999;", "\\u{", "100 % of it", "5a4db0c5a4db0c5a",
        "é ü 日本",
    ])
    func `other text is unchanged`(_ text: String) throws { #expect(try redacted(text) == text) }

    /// Encoded forms of four letters would match many texts by chance.
    @Test func `a short token is redacted only unencoded`() throws {
        let token = try AuthToken("abcd".utf8)
        #expect(token.redacting(Array("xABCDx %61bcd".utf8)) == Array("x<token>x %61bcd".utf8))
    }

    /// In strings at any depth, and in keys; the rest of the account stays as it was sent.
    @Test func `an account is unescaped before it is redacted`() throws {
        let escaped = Self.escaped { "\\u00" + Self.hex($0) }
        let percent = Self.escaped { "%" + Self.hex($0) }
        let body = #"""
            {"status":0,"id":"pa:1","name":"x \#(escaped) y","icon":"https://a.example/\#(percent)",
             "location":{"deep":["\#(Self.secret)","é\u00e9"]},"\#(escaped)":1,"webhook":"https://\#(Self.secret).example/x"}
            """#
        let account = try AccountResponse.decode(
            Array(body.utf8), hiding: AuthToken(Self.secret.utf8), keepWebhook: true
        ).account
        var json = JSONWriter()
        account.write(to: &json)
        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"{"id":"pa:1","name":"x <token> y","icon":"<token>","location":{"deep":["<token>","é\u00e9"]},"<token>":1,"#
                + #""webhook":"https://<token>.example/x"}"#)
    }

    /// With two ids it would be two accounts.
    @Test(arguments: [#""id":"pa:1""#, #""\u0069d":"pa:2""#]) func `an account has one ID`(_ second: String) throws {
        #expect(throws: ViberError.invalidResponse("the body has two keys 'id'")) {
            try AccountResponse.decode(
                Array(#"{"status":0,"id":"pa:1",\#(second)}"#.utf8), hiding: ViberClientTests.token, keepWebhook: false)
        }
    }

    @Test(arguments: [(15, true), (16, false), (511, false)]) func `the nesting of an account is limited`(
        _ depth: Int, _ isGood: Bool
    )
        throws
    {
        let body =
            #"{"status":0,"x":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        let account = try? AccountResponse.decode(
            Array(body.utf8), hiding: ViberClientTests.token, keepWebhook: false)
        #expect((account != nil) == isGood)
    }
}
