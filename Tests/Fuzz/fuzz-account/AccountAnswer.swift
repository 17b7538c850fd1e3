import Formats
import Foundation
import FuzzKit
import Model

@testable import ViberAPI

/// The input is the body of a `get_account_info` answer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    AccountAnswer.check(bytes(start, count))
    return 0
}

/// A decoded answer; nil if the decoder refuses it.
struct AccountAnswer: Equatable {
    var status: Int
    var message: String
    var account: Account

    init?(_ body: [UInt8], keepWebhook: Bool) {
        do {
            let token = try AuthToken("5a4db0c5a4db0c5a-4db0c5a4db0c5a4d".utf8)
            let response = try AccountResponse.decode(body, hiding: token, keepWebhook: keepWebhook)
            status = response.status
            message = response.statusMessage
            account = response.account
        } catch {
            let known: [ViberError] = [
                .invalidResponse("the body is not the JSON of get_account_info (\(body.count) bytes)"),
                .ambiguousStatus,
                .invalidResponse("the body has two keys 'id'"),
                .invalidResponse("the account is nested deeper than 16 levels"),
            ]
            expect(known.contains { $0 == error as? ViberError }, "unexpected error: \(error)")
            return nil
        }
    }

    static func check(_ body: [UInt8]) {
        _ = JSONMember.members(of: body)  // may not hang or trap for any input
        _ = JSONText.unescape(body[...])
        let whole = AccountAnswer(body, keepWebhook: true)
        let cut = AccountAnswer(body, keepWebhook: false)
        expect(whole == AccountAnswer(body, keepWebhook: true), "reading twice gives different results")
        expect((whole == nil) == (cut == nil), "the answer is accepted only with or only without its webhook")
        if let json = JSON(body) {
            let isDeep = JSONLiterals(of: body).maxDepth > 16
            expect(whole != nil || !isAnswer(json) || isDeep, "a good answer is refused")
            whole.map { $0.check(against: json) }
        }
        guard let whole, let cut else { return }
        expect(whole.status == cut.status && whole.message == cut.message, "the webhook changes the status")
        check(whole.account)
        check(cut.account)
        checkWebhooks(whole.account, cut.account)
        expect(AccountAnswer(body + body, keepWebhook: true) == nil, "two documents are read as one answer")
        let end = body.lastIndex { $0 > 0x20 } ?? 0
        expect(AccountAnswer(Array(body[..<end]), keepWebhook: true) == nil, "a truncated answer is read")
    }

    private static func isAnswer(_ json: JSON) -> Bool {
        let written = (json.members ?? []).filter { $0.name == Array("status".utf8) }.map(\.text)
        let hasUsers = if case .array? = json["users"] { true } else { [nil, .null].contains(json["users"]) }
        let ids = (json.members ?? []).count { $0.name == Array("id".utf8) }
        return ids < 2 && json.isOrdinary && json["status"]?.integer != nil && Set(written).count == 1 && hasUsers
    }

    /// Checks that the account has exactly the fields that were sent, in their order and as they were written.
    private func check(against json: JSON) {
        expect(json["status"]?.integer == Int64(status), "another status")
        var names: Set<[UInt8]> = [Array("status".utf8), Array("status_message".utf8)]
        let expected = (json.members ?? []).filter { names.insert($0.name ?? []).inserted }
        expect(
            account.fields.map { Array($0.name.utf8) } == expected.map(\.name), "other fields: \(account)")
        for (field, member) in zip(account.fields, expected) {
            expect(JSON(field.json) == member.value, "\(field.name) differs")
            expect(field.string.map { Array($0.utf8) } == member.value.content, "\(field.name) has another text")
        }
    }

    /// Checks that the published account is valid JSON, and that the product reads it back unchanged.
    private static func check(_ account: Account) {
        var writer = JSONWriter()
        account.write(to: &writer)
        let written = writer.bytes
        expect(JSON(written) != nil, "the written account is not JSON: " + String(decoding: written, as: UTF8.self))
        expect(JSONMember.members(of: written) == account.fields, "a round trip changes it")
        expect(JSONMember.members(of: JSONText.indented(written)) == account.fields, "indenting changes it")
        expect(Set(account.fields.map { Array($0.name.utf8) }).count == account.fields.count, "a field twice")
        for field in account.fields {
            expect(
                field.name != "status" && field.name != "status_message", "a field of the response is in the account")
            _ = field.integer
            guard let text = field.string else { continue }
            var escaped: [UInt8] = []
            JSONText.escape(ArraySlice(text.utf8), into: &escaped)
            expect(JSONText.unescape(escaped[...]) == Array(text.utf8), "escaping changes the text")
        }
    }

    /// Checks that the accounts differ only in the webhook, which is cut to the start of the URL that was sent.
    private static func checkWebhooks(_ whole: Account, _ cut: Account) {
        expect(whole.fields.map(\.name) == cut.fields.map(\.name), "the webhook changes the fields")
        for (sent, shown) in zip(whole.fields, cut.fields) where sent != shown {
            expect(sent.name == "webhook", "\(sent.name) is cut")
            guard let shown = shown.string, let sent = sent.string else { broken("a webhook is not a string") }
            if shown.isEmpty { continue }
            let parts = shown.split(separator: "/", omittingEmptySubsequences: false)
            expect(parts.count == 3 && parts[0].hasSuffix(":") && parts[1] == "", "it shows a path: \(shown)")
            expect(!shown.contains { "@?#".contains($0) }, "it shows more than the host: \(shown)")
            expect(sent.hasPrefix(parts[0] + "//"), "another scheme: \(shown)")
        }
    }
}
