import Files

extension AuthToken {
    /// HMAC-SHA-256 of the token, lower-case hex: tells whether another token is the same, and nothing else.
    package func hash(key: String) -> String { Checksum.hmac(Array(value.utf8), key: Array(key.utf8)) }
}
