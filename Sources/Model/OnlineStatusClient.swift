/// Requests the online status of up to `IDBatch.limit` ids from Viber.
///
/// This is the only interface of a roll call to the API. Retries, rate limits and the like are conforming types that
/// wrap another client.
package protocol OnlineStatusClient: Sendable {
    /// Sends a batch. Returns or throws soon after the task is cancelled.
    ///
    /// - Parameter batch: the ids.
    /// - Returns: the users of the reply, in any order, whether they were requested or not.
    /// - Throws: a failure of the whole request.
    func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply
}
