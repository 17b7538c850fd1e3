import Model

/// Joins an answer's users to the ids that were asked for: by id, never by position alone.
struct Joining {
    /// One for each id of the batch.
    private(set) var outcomes: [Outcome]
    private(set) var extraUsers = 0
    private(set) var duplicateUsers = 0
    private(set) var messageMismatches = 0
    private(set) var unknownStatuses = 0
    /// Whether the answer is another request's: many users, and not one of those asked for.
    private(set) var isForOthers = false

    init(_ batch: IDBatch, _ reply: OnlineReply) {
        outcomes = [Outcome](repeating: .notReturned, count: batch.count)
        var places: [ArraySlice<UInt8>: Int]?
        for (index, user) in reply.users.enumerated() {
            let id = user.id
            // Answers nearly always come in the order of the question; the table is made when one does not.
            let place: Int?
            if index < batch.count, batch.holds(id, at: index) {
                place = index
            } else {
                let table = places ?? Self.places(of: batch)
                places = table
                place = table[id]
            }
            guard let place else {
                extraUsers += 1
                continue
            }
            if user.messageDiffers { messageMismatches += 1 }
            if let status = user.status, !status.isDocumented { unknownStatuses += 1 }
            record(Self.outcome(of: user, at: reply.receivedAt), at: place)
        }
        isForOthers = extraUsers >= Self.enoughToTell && outcomes.allSatisfy { $0 == .notReturned }
        for (place, failure) in reply.failures where outcomes[place] == .notReturned {
            outcomes[place] = .failed(failure.reason)
        }
    }

    /// Users; with fewer, an id that the server writes in another way would look like another's.
    private static let enoughToTell = 10

    /// Places of the ids that the answer left out or gave two statuses: what asking once more may mend.
    var open: [Int] {
        outcomes.indices.filter { place in
            switch outcomes[place] {
            case .notReturned, .failed(.conflict): true
            default: false
            }
        }
    }

    private mutating func record(_ outcome: Outcome, at place: Int) {
        if case .notReturned = outcomes[place] {
            outcomes[place] = outcome
            return
        }
        duplicateUsers += 1
        if !Self.agree(outcomes[place], outcome) { outcomes[place] = .failed(.conflict) }
    }

    private static func places(of batch: IDBatch) -> [ArraySlice<UInt8>: Int] {
        var places: [ArraySlice<UInt8>: Int] = [:]
        for index in 0..<batch.count { places[batch[index]] = index }
        return places
    }

    private static func outcome(of user: OnlineReply.User, at time: Timestamp) -> Outcome {
        guard let status = user.status else { return .failed(.badStatus) }
        return .answered(Answer(status: status, lastOnline: user.lastOnline, checkedAt: time))
    }

    private static func agree(_ first: Outcome, _ second: Outcome) -> Bool {
        if case .answered(let one) = first, case .answered(let other) = second {
            one.status == other.status
        } else {
            first == second
        }
    }
}
