import Formats
import Model

/// The bot's account as Viber returned it in a run. Its members are personal data and are left out; its icon is not
/// loaded.
struct AccountCard: Sendable {
    struct Field: Sendable {
        var name: String
        var value: String
    }

    let fields: [Field]
    /// The reason that there are no fields.
    let absence: String?

    init(_ run: RunSummary) {
        guard let account = run.account else {
            fields = []
            absence = "Viber did not return the account in this run: " + (run.accountError ?? "unknown reason") + "."
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
        absence = fields.isEmpty ? "Viber returned an account with none of the fields that this page shows." : nil
    }

    private static func category(_ account: Account) -> String? {
        let parts = ["category", "subcategory"].compactMap { account.string($0) }.filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: " / ")
    }
}
