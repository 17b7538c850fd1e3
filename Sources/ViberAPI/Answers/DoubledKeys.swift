import Formats

/// Keys that stand twice in an object of an answer. JSON lets them, and a decoder takes one of the two values without a word;
/// an object that says two things says nothing.
struct DoubledKeys {
    /// Whether the answer has two members `users`.
    private(set) var hasUsersTwice = false
    /// Positions of the users with a key that stands twice.
    private(set) var users: Set<Int> = []
    /// Of these, the users whose key `id` does.
    private(set) var ids: Set<Int> = []

    /// Nil for a document in another encoding than UTF-8.
    /// - Parameter document: an object that a JSON decoder has accepted.
    init?(in document: [UInt8]) {
        guard let members = JSONField.allMembers(of: document) else { return nil }
        let lists = members.filter { $0.name == "users" }
        hasUsersTwice = lists.count > 1
        for (position, user) in (lists.first.flatMap { JSONField.elements(of: $0.json) } ?? []).enumerated() {
            let names = (JSONField.allMembers(of: user) ?? []).map(\.name)
            guard Set(names.map { Array($0.utf8) }).count < names.count else { continue }
            users.insert(position)
            if names.count(where: { $0 == "id" }) > 1 { ids.insert(position) }
        }
    }
}
