import Testing

@testable import Subscribers

@Suite struct ColumnNameTests {
    @Test(arguments: [
        ("viber_id", 0), ("viberId", 0), ("ViberID", 0), ("VIBER_ID", 0), ("Viber ID", 0), ("viber-id", 0),
        ("viber id", 0),
        (" viber_id ", 0), ("viber__id", 0), ("_viber_id", 0), ("v i b e r i d", 0), ("\u{FEFF}viber_id", 0),
        ("viber_id\u{A0}", 0), ("\tviber_id\r\n", 0), ("viber_user_id", 1), ("viberUserId", 1), ("Viber User-ID", 1),
        ("viber_subscriber_id", 2), ("viberSubscriberID", 2), ("viber_chat_id", 3), ("viberChatId", 3),
        ("subscriber_id", 4),
        ("SubscriberId", 4), ("receiver", 5), ("Receiver", 5), ("RECEIVER", 5), ("receiver_id", 6), ("receiverId", 6),
        ("user_id", 7), ("userId", 7), ("UserID", 7), ("User ID", 7), ("id", 8), ("ID", 8), ("Id", 8), ("_id", 8),
        ("i_d", 8),
        ("-- id", 8),
    ])
    func `a known name is recognised in every spelling`(_ name: String, _ rank: Int) {
        #expect(ColumnName(name).rank == rank)
    }

    @Test(arguments: [
        "", " ", "_", "viber", "viberids", "viber_ids", "the_viber_id", "viber.id", "viber/id", "viber:id",
        "[viber_id]",
        "'viber_id'", "viber_id2", "chat_id", "users_id", "uid", "ids", "id2", "1", "idid", "receivers", "sender_id",
        "ідентифікатор",
        "vіber_id", "ıd", "İD", "viber_ıd", "user", "subscriber", "phone", "viber id 1", "#id", "№",
    ])
    func `any other name is not recognised`(_ name: String) { #expect(ColumnName(name).rank == nil) }

    @Test func `known names are ordered by how specific they are`() {
        #expect(
            ColumnName.known == [
                "viber_id", "viber_user_id", "viber_subscriber_id", "viber_chat_id", "subscriber_id", "receiver",
                "receiver_id",
                "user_id", "id",
            ])
        for (rank, name) in ColumnName.known.enumerated() { #expect(ColumnName(name).rank == rank) }
    }
}
