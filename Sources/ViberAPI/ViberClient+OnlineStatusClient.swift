package import Model

/// Sends the batches of a roll call.
extension ViberClient: OnlineStatusClient {
    package func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply { try await online(batch) }

    /// Requests the account once, to confirm an error that would end the run.
    ///
    /// - Parameters:
    ///   - cause: the reason a batch was refused.
    ///   - id: the `id` of the run's account; nil if unknown.
    /// - Returns: whether this request is refused for the same reason, or returns another account.
    package func isRefused(_ cause: FatalCause, expecting id: String?) async -> Bool {
        do throws(RequestFailure) {
            let account = try await accountInfo()
            guard let id, let other = account.id else { return false }
            return !Account.isSame(id, as: other)
        } catch {
            return error.failureClass == .fatal(cause)
        }
    }
}
