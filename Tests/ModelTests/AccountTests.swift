import Formats
import Model
import Testing

@Suite struct AccountTests {
    @Test func `fields are written unchanged and in order`() throws {
        let sent = #"{"id":"pa:75346594275468546724","name":"A \"b\"","new":{"k":[1.0]},"subscribers_count":35}"#
        let account = Account(fields: try #require(JSONMember.members(of: Array(sent.utf8))))
        var json = JSONWriter()
        account.write(to: &json)
        #expect(String(decoding: json.bytes, as: UTF8.self) == sent)
        #expect(account.id == "pa:75346594275468546724")
        #expect(account.name == "A \"b\"")
        #expect(account.subscribersCount == 35)
    }

    @Test func `absent is not zero`() {
        let account = Account(fields: [])
        #expect(account.id == nil)
        #expect(account.name == nil)
        #expect(account.subscribersCount == nil)
    }
}
