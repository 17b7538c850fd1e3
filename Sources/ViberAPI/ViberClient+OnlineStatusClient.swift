package import Model

/// The client asks as a roll call wants it.
extension ViberClient: OnlineStatusClient {
    package func ask(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply { try await online(batch) }

    /// Asks for the account once.
    ///
    /// - Parameters:
    ///   - cause: why an id was refused.
    ///   - id: of the account that the run is for; nil if it is not known.
    /// - Returns: whether the account is refused in the same way, or is another one by now.
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
