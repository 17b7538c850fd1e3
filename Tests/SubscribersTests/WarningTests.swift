import Model
import Testing

@Suite struct WarningTests {
    @Test(arguments: [
        "1234567", "+1234567", "380501234567", "+380501234567", "123456789012345",
    ])
    func aPhoneNumberIsAskedForWithAWarning(_ number: String) throws {
        let spooled = try Spooled(csv: "id\nabc==\n\(number)\n")
        #expect(spooled.ids == ids("abc==", number))
        #expect(
            spooled.warnings == [
                "1 ids look like phone numbers; the API knows subscribers by Viber id, not by number"
            ])
    }

    @Test(arguments: ["123456", "1234567890123456", "+123456", "++1234567", "1234567=", "1234 567", "١٢٣٤٥٦٧٨"])
    func otherNumbersAreNoPhoneNumbers(_ id: String) throws {
        let spooled = try Spooled(csv: "id\n\(id)\n")
        #expect(spooled.ids == ids(id))
        #expect(spooled.warnings.isEmpty)
    }

    @Test func anAccountIdIsAskedForWithAWarning() throws {
        let spooled = try Spooled(csv: "id\npa:1\npa:2\nPA:3\nspa:4\npa:1\n")
        #expect(spooled.ids == ids("pa:1", "pa:2", "PA:3", "spa:4"))
        #expect(spooled.warnings == ["2 ids begin with 'pa:', which are ids of accounts and not of subscribers"])
    }

    @Test func bothWarningsComeTogether() throws {
        let spooled = try Spooled(csv: "id\npa:1\n+380501234567\n380501234567\n")
        #expect(spooled.warnings.count == 2)
        #expect(spooled.warnings.first?.hasPrefix("2 ids look like phone numbers") == true)
    }
}
