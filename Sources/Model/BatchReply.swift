/// A successful `get_online` reply: its users, any number of them in any order.
package struct BatchReply: Sendable, Equatable {
    package var users: [User]
    /// When the reply was complete.
    package var receivedAt: Timestamp
    package var requestCounts = RequestCounts()
    /// The number of requests for each id, by its index in the batch; empty if it is the same for all.
    package var attempts: [Int] = []
    /// The failures of ids whose part of a split batch got no answer, by their index in the batch.
    package var failures: [Int: PartFailure] = [:]
    /// The failure of the whole batch, if it was split because of one.
    package var failure: RequestFailure?

    /// The failure of a part of a batch.
    package struct PartFailure: Sendable, Equatable {
        package var reason: FailureReason
        /// Whether another request is proven to be useless.
        package var isFinal: Bool
        /// Whether the failed request carried only this id, and another request may succeed.
        package var wasAlone: Bool

        package init(reason: FailureReason, isFinal: Bool, wasAlone: Bool = false) {
            self.reason = reason
            self.isFinal = isFinal
            self.wasAlone = wasAlone
        }
    }

    /// The number of requests that carried the id at an index of the batch.
    package func attempts(at index: Int) -> Int { attempts.isEmpty ? requestCounts.requests : attempts[index] }

    package init(users: [User], receivedAt: Timestamp) {
        self.users = users
        self.receivedAt = receivedAt
    }

    package struct User: Sendable, Equatable {
        /// The id's bytes after JSON unescaping; a slice of the reply itself if nothing was escaped.
        package var id: ArraySlice<UInt8>
        /// Nil if `online_status` is missing or not a number that fits 64 bits.
        package var status: OnlineStatus?
        package var lastOnline: Int64?
        /// Whether `online_status_message` is present and is not the name of `online_status`.
        package var messageDiffers: Bool

        package init(id: ArraySlice<UInt8>, status: OnlineStatus?, lastOnline: Int64?, messageDiffers: Bool) {
            self.id = id
            self.status = status
            self.lastOnline = lastOnline
            self.messageDiffers = messageDiffers
        }
    }
}
