/// The users of one successful `get_online` answer, as they came: any number, in any order.
package struct BatchReply: Sendable, Equatable {
    package var users: [User]
    /// When the answer was complete.
    package var receivedAt: Timestamp
    package var requestCounts = RequestCounts()
    /// How often each id was asked for, by its place in the batch, if that was not the same for all.
    package var attempts: [Int] = []
    /// Ids whose share of a divided batch brought no answer, by their place in the batch.
    package var failures: [Int: PartFailure] = [:]
    /// Why the batch had to be divided, if it failed as a whole first.
    package var failure: RequestFailure?

    /// Why a part of a batch was not answered.
    package struct PartFailure: Sendable, Equatable {
        package var reason: FailureReason
        /// Whether asking again is proven to be of no use.
        package var isFinal: Bool
        /// Whether the id was alone in the request that failed.
        package var wasAlone: Bool

        package init(reason: FailureReason, isFinal: Bool, wasAlone: Bool = false) {
            self.reason = reason
            self.isFinal = isFinal
            self.wasAlone = wasAlone
        }
    }

    /// Requests that carried the id at a place of the batch.
    package func attempts(at place: Int) -> Int { attempts.isEmpty ? requestCounts.requests : attempts[place] }

    package init(users: [User], receivedAt: Timestamp) {
        self.users = users
        self.receivedAt = receivedAt
    }

    package struct User: Sendable, Equatable {
        /// The id's bytes, after JSON unescaping; a part of the answer, where they stand in it as they are.
        package var id: ArraySlice<UInt8>
        /// Nil when `online_status` is missing or no number that fits 64 bits.
        package var status: OnlineStatus?
        package var lastOnline: Int64?
        /// Whether `online_status_message` is there and is not the name of the number.
        package var messageDiffers: Bool

        package init(id: ArraySlice<UInt8>, status: OnlineStatus?, lastOnline: Int64?, messageDiffers: Bool) {
            self.id = id
            self.status = status
            self.lastOnline = lastOnline
            self.messageDiffers = messageDiffers
        }
    }
}
