/// Asks Viber for up to `IDBatch.limit` ids.
///
/// The one thing a roll call needs of the outside world. Retrying and pacing are conformances that wrap another one;
/// they are stacked where a run is composed.
package protocol OnlineStatusClient: Sendable {
    /// - Returns: the users of the answer as they came, in any order, whether asked for or not.
    /// - Throws: a failure that concerns the whole request. It returns soon after the task is cancelled.
    func ask(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply
}
