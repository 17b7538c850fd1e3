/// The users of one successful `get_online` answer, as they came: any number, in any order.
package struct OnlineReply: Sendable, Equatable {
    package var users: [User]
    /// When the answer was complete.
    package var receivedAt: Timestamp
    package var effort = RequestEffort()

    package init(users: [User], receivedAt: Timestamp) {
        self.users = users
        self.receivedAt = receivedAt
    }

    package struct User: Sendable, Equatable {
        /// The id's bytes, after JSON unescaping.
        package var id: [UInt8]
        /// Nil when `online_status` is missing or no number that fits 64 bits.
        package var status: OnlineStatus?
        package var lastOnline: Int64?
        /// Whether `online_status_message` is there and is not the name of the number.
        package var messageDiffers: Bool

        package init(id: [UInt8], status: OnlineStatus?, lastOnline: Int64?, messageDiffers: Bool) {
            self.id = id
            self.status = status
            self.lastOnline = lastOnline
            self.messageDiffers = messageDiffers
        }
    }
}
