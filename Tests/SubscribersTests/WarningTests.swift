import Testing

@Suite struct WarningTests {
    /// Whether the only warning is about this and gives this number.
    private func warns(_ spooled: Spooled, of what: String, _ count: Int) -> Bool {
        guard spooled.warnings.count == 1, let warning = spooled.warnings.first else { return false }
        return warning.contains(what) && warning.filter(\.isNumber) == "\(count)"
    }

    @Test(arguments: ["1234567", "+1234567", "380501234567", "+380501234567", "123456789012345"])
    func aPhoneNumberIsAskedForWithAWarning(_ number: String) throws {
        let spooled = try Spooled(csv: "id\nabc==\n\(number)\n")
        #expect(spooled.ids == ids("abc==", number))
        #expect(warns(spooled, of: "phone numbers", 1))
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
        #expect(warns(spooled, of: "'pa:'", 2))
    }

    @Test func bothWarningsComeTogether() throws {
        let spooled = try Spooled(csv: "id\npa:1\n+380501234567\n380501234567\n")
        #expect(spooled.warnings.count == 2)
        #expect(spooled.warnings.first?.contains("phone numbers") == true)
        #expect(spooled.warnings.last?.contains("'pa:'") == true)
    }
}
