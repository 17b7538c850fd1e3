import Foundation
import Model
import TestSupport
import Testing

@testable import ViberAPI

@Suite struct DuplicateStatusCheckTests {
    private func isAmbiguous(_ text: String) -> Bool { DuplicateStatusCheck.isAmbiguous(in: Array(text.utf8)) }

    @Test(arguments: [
        #"{"status":0,"status":12}"#, #"{"status":0,"users":[],"status":1}"#, #"{"status":0,"status":0,"status":3}"#,
        #"{ "status" : 0 , "status" : 12 }"#, "{\n\t\"status\":0,\r\n\"status\":12\n}", #"{"status":0,"status":null}"#,
        #"{"status":0,"st\u0061tus":12}"#, #"{"\u0073tatus":12,"status":0}"#, #"{"status":0,"status":[0]}"#,
        #"{"users":[{"status":5}],"status":0,"x":"}","status":12}"#, #"{"x":"\"","status":0,"y":"\\","status":12}"#,
        #"{"status":0,"status":12,}"#, "\u{FEFF}" + #"{"status":0,"status":12}"#,
        #"{"status":{"a":[1,2]},"status":{"a":[1,3]}}"#, #"{"status":"a,b","status":"a,c"}"#,
    ])
    func `two different values are found`(_ text: String) {
        #expect(isAmbiguous(text))
    }

    @Test(arguments: [
        CannedAnswer.body, "{}", #"{"status":0}"#, #"{"status":0,"status":0}"#, #"{ "status":12 , "status": 12}"#,
        #"{"status":0,"status_message":"ok","Status":1,"status ":2,"statu":3}"#,
        #"{"status":0,"users":[{"status":1},{"status":2}],"more":{"status":3,"status":4}}"#,
        #"{"status":0,"x":"\",\"status\":12,\""}"#, #"{"status":0,"x":"status","y":["status",5]}"#,
        #"{"status":0,"x":"\\","y":"\"status\":12"}"#, #"{"status":0,"":12,"status\u0000":1,"statusé":1}"#,
        #"{"status":0,}"#, #"{"status":{"a":[1,2]},"status":{"a":[1,2]}}"#, #"["status",0,"status",12]"#, "", "{",
        #"{""#,
        #"{"status""#, #"{"status":0,"status":12"#, "}", "]]", #"{"status"}"#, ",,::", #"{:"status":0,:,}"#,
    ])
    func `other documents are not ambiguous`(_ text: String) {
        #expect(!isAmbiguous(text))
    }

    @Test(arguments: [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32])
    func `another encoding is not checked`(_ encoding: String.Encoding) throws {
        let text = #"{"status":0,"status":12}"#
        #expect(!DuplicateStatusCheck.isAmbiguous(in: Array(try #require(text.data(using: encoding)))))
    }

    @Test func `both calls refuse a response with two`() {
        let body = Array(#"{"status":0,"users":[],"status":12}"#.utf8)
        #expect(throws: ViberError.ambiguousStatus) { try GetOnlineResponse.decode(body, ids: 100) }
        #expect(throws: ViberError.ambiguousStatus) {
            try AccountResponse.decode(body, hiding: ViberClientTests.token, keepWebhook: false)
        }
        let failure = ViberError.ambiguousStatus.requestFailure(host: "a.example")
        #expect(failure.failureClass == .transient)
        #expect(failure.reason == .protocolError)
    }

    @Test func `any bytes can be scanned`() {
        var random = SeededRandom(seed: 13)
        let pieces = ["{", "}", "[", "]", ",", ":", "\"", "\\", "\"status\"", "0", " ", "\u{0}"].map { Array($0.utf8) }
        for _ in 0..<5_000 {
            let body = (0..<Int.random(in: 0...20, using: &random)).flatMap { _ in
                pieces.randomElement(using: &random) ?? []
            }
            _ = DuplicateStatusCheck.isAmbiguous(in: body)
        }
    }
}
