import Formats
import Model

/// The bot's account as Viber gave it in a run. Its members are personal data and are left out; its icon is not loaded.
struct AccountCard: Sendable {
    struct Field: Sendable {
        var name: String
        var value: String
    }

    let fields: [Field]
    /// Why there are none.
    let absence: String?

    init(_ run: RunSummary) {
        guard let account = run.account else {
            fields = []
            absence = "The account was not given in this run: " + (run.accountError ?? "no reason is known") + "."
            return
        }
        let named: [(String, String?)] = [
            ("Name", account.name), ("Id", account.id), ("URI", account.string("uri")),
            ("Category", Self.category(account)), ("Country", account.string("country")),
            ("Subscribers", account.subscribersCount?.grouped), ("Webhook", account.string("webhook")),
        ]
        fields = named.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : Field(name: name, value: $0) }
        }
        absence = fields.isEmpty ? "Viber gave an account without a field that this page shows." : nil
    }

    private static func category(_ account: Account) -> String? {
        let parts = ["category", "subcategory"].compactMap { account.string($0) }.filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: " / ")
    }
}
