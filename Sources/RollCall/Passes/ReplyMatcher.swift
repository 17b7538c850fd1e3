import Model

/// Matches the users of a reply with the requested ids: by id, never by position alone.
struct ReplyMatcher {
    /// One outcome for each id of the batch.
    private(set) var outcomes: [Outcome]
    private(set) var extraUsers = 0
    private(set) var duplicateUsers = 0
    private(set) var messageMismatches = 0
    private(set) var unknownStatuses = 0
    /// Whether the reply belongs to another request: it has many users, and none of them was requested.
    private(set) var isMismatched = false

    init(_ batch: IDBatch, _ reply: BatchReply) {
        outcomes = [Outcome](repeating: .notReturned, count: batch.count)
        var indices: [ArraySlice<UInt8>: Int]?
        for (index, user) in reply.users.enumerated() {
            let id = user.id
            // Users nearly always come in the order of the request. The table is built only if one does not.
            let position: Int?
            if index < batch.count, batch.holds(id, at: index) {
                position = index
            } else {
                let table = indices ?? Self.indices(of: batch)
                indices = table
                position = table[id]
            }
            guard let position else {
                extraUsers += 1
                continue
            }
            if user.messageDiffers { messageMismatches += 1 }
            if let status = user.status, !status.isDocumented { unknownStatuses += 1 }
            record(Self.outcome(of: user, at: reply.receivedAt), at: position)
        }
        isMismatched = extraUsers >= Self.mismatchThreshold && outcomes.allSatisfy { $0 == .notReturned }
        for (position, failure) in reply.failures where outcomes[position] == .notReturned {
            outcomes[position] = .failed(failure.reason)
        }
    }

    /// Minimum number of users in a mismatched reply. With fewer, ids that the server writes differently would look
    /// like ids of another request.
    private static let mismatchThreshold = 10

    /// Indices of the ids that the reply omitted or gave two statuses. A second request may resolve them.
    var unresolved: [Int] {
        outcomes.indices.filter { position in
            switch outcomes[position] {
            case .notReturned, .failed(.conflict): true
            default: false
            }
        }
    }

    private mutating func record(_ outcome: Outcome, at position: Int) {
        if case .notReturned = outcomes[position] {
            outcomes[position] = outcome
            return
        }
        duplicateUsers += 1
        if !Self.agree(outcomes[position], outcome) { outcomes[position] = .failed(.conflict) }
    }

    private static func indices(of batch: IDBatch) -> [ArraySlice<UInt8>: Int] {
        var indices: [ArraySlice<UInt8>: Int] = [:]
        for index in 0..<batch.count { indices[batch[index]] = index }
        return indices
    }

    private static func outcome(of user: BatchReply.User, at time: Timestamp) -> Outcome {
        guard let status = user.status else { return .failed(.badStatus) }
        return .answered(StatusAnswer(status: status, lastOnline: user.lastOnline, checkedAt: time))
    }

    private static func agree(_ first: Outcome, _ second: Outcome) -> Bool {
        if case .answered(let one) = first, case .answered(let other) = second {
            one.status == other.status
        } else {
            first == second
        }
    }
}
