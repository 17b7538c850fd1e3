package import Model

/// The client asks as a roll call wants it.
extension ViberClient: Asking {
    package func ask(_ batch: IDBatch) async throws(RequestFailure) -> OnlineReply { try await online(batch) }

    /// Whether the account is refused, too; no answer is no refusal.
    package func isTokenRefused() async -> Bool {
        do throws(RequestFailure) {
            _ = try await accountInfo()
            return false
        } catch {
            return error.handling == .fatal(.accessDenied)
        }
    }
}
