import Files

extension AuthToken {
    /// The HMAC-SHA-256 of the token in lower-case hex. It shows whether another token is the same, and nothing else.
    ///
    /// - Parameter key: the HMAC key, as UTF-8.
    /// - Returns: 64 hexadecimal digits.
    package func hash(key: String) -> String { Checksum.hmacSHA256(Array(value.utf8), key: Array(key.utf8)) }
}
