import Testing

@testable import Subscribers

/// Which text has the form of a Viber id.
@Suite struct CellKindTests {
    private func form(_ cell: String) -> IDForm { IDForm(Array(cell.utf8)[...]) }

    private static func times(_ count: Int, _ text: String = "a") -> String { String(repeating: text, count: count) }

    @Test(arguments: [
        times(10), times(64), times(10, "Z"), "abcdefghiJ", "0123456789a", "a0123456789", "ABCDEFGHI0", "abc+/=defg",
        "01234567890A=", "pU3KGCUwux1tEyze1iN7Lg==", "+Qvst7Y7/B5vk0Jxy8j+KQ==", "//////////", "++++++++++",
        "==========",
        "+123456789a", "++123456789", "+12345678+9", "123456789+", "1234567890=", "1234567890==", "0/123456789",
        // One hexadecimal digit less or more than a UUID has, and one letter that is not hexadecimal.
        times(31, "a"), times(33, "a"), times(31, "a") + "g", times(31, "0") + "=", "507f1f77bcf86cd799439011",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV", "clh3k2j5h000008l3h7q2f9z1", "9e107d9d372bb6826bd81d3542a419d6ffff9e10",
    ])
    func `these have the form`(_ cell: String) {
        #expect(form(cell).hasForm)
        #expect(CellKind(Array(cell.utf8)[...]).hasForm)
    }

    @Test(arguments: [
        "", "a", times(9), times(65), times(200), "pU3KGCUwux1tEyze1iN7Lg-=", "pU3KGCUwux1t_yze1iN7Lg==",
        "pU3KGCUwux1t Eyze1iN",
        "pU3KGCUwux1tEyze1iN7Lg==;", "'pU3KGCUwux1tEyze1iN7Lg==", "pU3KGCUwux1tEyze1iN7Lg%3D",
        "pU3KGCUwux1tEyze1iN7L\u{E9}",
        "Абвгдежзик", "0123456789", times(64, "0"), "380501112233", "+0123456789", "+380501112233",
        "+" + times(63, "1"),
        "840a497b-f9b0-4d47-8f83-6f06e13317b2", "840A497B-F9B0-4D47-8F83-6F06E13317B2",
        "840a497bf9b04d478f836f06e13317b2",
        "840A497BF9B04D478F836F06E13317B2", "840a497bF9B04D478f836f06e13317B2", "01234567890123456789012345678901",
        times(32, "a"), "{840a497b-f9b0-4d47-8f83-6f06e13317b2}", "marker@example.com", "pa:1234567890", "aaaaa.aaaaa",
        "aaaaa\u{0}aaaaa", "aaaaa\naaaaa",
    ])
    func `these do not have the form`(_ cell: String) {
        #expect(!form(cell).hasForm)
        if !cell.isEmpty { #expect(!CellKind(Array(cell.utf8)[...]).hasForm) }
    }

    @Test(arguments: [
        ("abcdefghiJ", false), ("Abcdefghij", false), ("Abcdefghi0", true), ("abcdefghi+", true), ("+abcdefghi", true),
        ("abcde/fghi", true),
        ("abcdefghi=", true), ("abcdefgh==", true), ("abc=defghi", true), ("a+++++++++", true), ("aA00000000", true),
        ("abcdefghij", false), ("abcdefghi0", false), ("ABCDEFGHIJ", false), ("ABCDEFGHI0", false),
        ("ABCDEFGHI+", false),
        ("ABCDEFGH==", false), ("0123456789+", false), ("0/+=012345", false), ("507f1f77bcf86cd799439011", false),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", false), ("clh3k2j5h000008l3h7q2f9z1", false),
    ])
    func `mixed is a lower case letter beside an upper case one and a digit or a symbol`(
        _ cell: String, _ isMixed: Bool
    ) {
        #expect(form(cell).hasForm)
        #expect(form(cell).isMixed == isMixed)
    }

    @Test func `real IDs have the form and are mixed`() {
        for number in 1...20_000 {
            let id = form(RealFormIDs.id(number))
            #expect(id == IDForm(Array("pU3KGCUwux1tEyze1iN7Lg==".utf8)[...]))
            #expect(id.hasForm && id.isMixed && id.isPaddedAtEnd)
        }
    }

    @Test(arguments: [
        ("pU3KGCUwux1tEyze1iN7Lg==", CellKind.viberID),
        ("2R4/ch/LGXEXRJTWSTydXA==NGC+MSAeaf7aoO7ouZl/XA==", .joinedIDs),
        ("1", .wholeNumber), ("-1", .wholeNumber), ("123456", .wholeNumber), ("-1001234567890123", .wholeNumber),
        ("1234567890123456", .wholeNumber), ("1234567", .phoneNumber), ("123456789012345", .phoneNumber),
        ("+1234567", .phoneNumber), ("380501112233", .phoneNumber), ("+380501112233", .phoneNumber),
        ("38 (050) 111-22-33", .phoneNumber), ("+38 050 111 22 33", .phoneNumber), ("050.111.22.33", .phoneNumber),
        ("840a497b-f9b0-4d47-8f83-6f06e13317b2", .uuid), ("840A497BF9B04D478F836F06E13317B2", .uuid),
        ("{840a497b-f9b0-4d47-8f83-6f06e13317b2}", .uuid), ("marker@example.com", .emailAddress),
        ("a.b+c@sub.example.co.uk", .emailAddress), ("pa:75346594275468546724", .accountID),
        ("'pU3KGCUwux1tEyze1iN7Lg==", .quoted), ("'pU3KGCUwux1tEyze1iN7Lg=='", .quoted),
        ("\"pU3KGCUwux1tEyze1iN7Lg==\"", .quoted), ("“pU3KGCUwux1tEyze1iN7Lg==”", .quoted),
        ("«pU3KGCUwux1tEyze1iN7Lg==»", .quoted), ("=\"pU3KGCUwux1tEyze1iN7Lg==\"", .quoted),
        ("b'pU3KGCUwux1tEyze1iN7Lg=='", .quoted), ("`pU3KGCUwux1tEyze1iN7Lg==`", .quoted), ("'+380501112233", .quoted),
        ("pU3KGCUwux1tEyze1iN7Lg%3D%3D", .percentEncoded), ("2R4%2Fch%2FLGXEXRJTWSTydXA%3d%3d", .percentEncoded),
        ("pU3KGCUwux1tEyze1iN7Lg==;", .delimited), ("pU3KGCUwux1tEyze1iN7Lg==:Ann", .delimited),
        ("pU3KGCUwux1tEyze1iN7Lg==,2R4/ch/LGXEXRJTWSTydXA==", .delimited), ("pU3KGCUwux1tEyze1iN7Lg==|1", .delimited),
        ("pU3KGCUwux1tEyze1iN7Lg==\tAnn", .delimited), ("NGC MSAeaf7aoO7ouZl/XA==", .spaced), ("Marker Ann", .spaced),
        ("2R4\\/ch\\/LGXEXRJTWSTydXA==", .otherText), ("abc==", .otherText), ("Марко", .otherText),
        ("100%", .otherText),
        (times(65), .otherText),
    ])
    func `each cell is of one kind`(_ cell: String, _ kind: CellKind) {
        #expect(CellKind(Array(cell.utf8)[...]) == kind)
    }

    @Test func `every kind has its own plural`() {
        let plurals = CellKind.allCases.map(\.plural)
        #expect(Set(plurals).count == plurals.count)
    }
}
