import Formats
package import Model

/// The status of an id in the sandbox: a function of its bytes, so that any script can compute it.
///
/// With `h` the FNV-1a 64 hash of the id and `p = h mod 100`: p < 30 is online, p < 65 offline, p < 80 undisclosed,
/// else unavailable. Where `(h / 100) mod 50` is 0, the first response is tryLater and the next one is the status. An
/// offline user was last online `(h / 5000) mod 31,536,000` seconds before 2026-01-01T00:00:00Z.
package enum SimulatedStatus {
    package static func status(of id: some Sequence<UInt8>) -> OnlineStatus {
        switch FNV1a.hash(id) % 100 {
        case ..<30: .online
        case ..<65: .offline
        case ..<80: .undisclosed
        default: .unavailable
        }
    }

    /// Whether every first of two requests for the id gets tryLater.
    ///
    /// - Parameters:
    ///   - id: the bytes of the id.
    ///   - every: one id in `every` gets tryLater first; 0 for none.
    /// - Returns: whether this id is one of them.
    package static func isTryLaterFirst(_ id: some Sequence<UInt8>, every: Int) -> Bool {
        every > 0 && FNV1a.hash(id) / 100 % UInt64(every) == 0
    }

    /// `last_online` in milliseconds since 1970 as the API sends it: nil if the field is absent, 0 if Viber hides it.
    package static func lastOnline(of id: some Sequence<UInt8>) -> Int64? {
        let hash = FNV1a.hash(id)
        switch status(of: id) {
        case .online: return nil
        case .offline: return newYear2026 - Int64(hash / 5_000 % 31_536_000) * 1_000
        default: return 0
        }
    }

    private static let newYear2026: Int64 = 1_767_225_600_000
}
