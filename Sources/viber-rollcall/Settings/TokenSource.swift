import Files
import ViberAPI

/// Finds the authentication token in a file, a systemd credential or the environment, never in an argument.
struct TokenSource {
    /// The value of `--token-file`.
    var file: String?
    var environment: [String: String]

    /// - Returns: the token, and warnings about the permissions of its file.
    /// - Throws: `ConfigurationError`, which names the source of the token and never holds the token.
    func token() throws(ConfigurationError) -> (AuthToken, warnings: [String]) {
        if let file { return try read(file, named: "--token-file \(file)") }
        if let directory = environment["CREDENTIALS_DIRECTORY"] {
            let path = directory + "/viber-auth-token"
            if FileSystem.exists(path) { return try read(path, named: "the systemd credential \(path)") }
        }
        if let path = environment["VIBER_AUTH_TOKEN_FILE"], !path.isEmpty {
            return try read(path, named: "VIBER_AUTH_TOKEN_FILE \(path)")
        }
        if let text = environment["VIBER_AUTH_TOKEN"], !text.isEmpty {
            return (try token(Array(text.utf8), named: "VIBER_AUTH_TOKEN"), [])
        }
        throw ConfigurationError(
            description: "no token: give --token-file FILE, or set VIBER_AUTH_TOKEN_FILE or VIBER_AUTH_TOKEN")
    }

    private func read(_ path: String, named name: String) throws(ConfigurationError) -> (AuthToken, warnings: [String])
    {
        let content: [UInt8]
        let mode: UInt32
        do {
            let file = try InputFile(opening: path)
            mode = try file.identity().mode
            content = try file.readAll(limit: AuthToken.limit)
        } catch {
            throw ConfigurationError(
                description: "\(name) cannot be used: \((error as? FileError)?.description ?? "unreadable")")
        }
        guard mode & 0o002 == 0 else {
            throw ConfigurationError(
                description: "\(name) can be written by everybody (mode \(String(mode, radix: 8))): chmod 600 \(path)")
        }
        // A file without write permission is usually a mounted secret, whose mode the user does not choose.
        let isOpen = mode & 0o004 != 0 && mode & 0o222 != 0 && !FileSystem.isOnReadOnlyFileSystem(path)
        return (
            try token(content, named: name),
            isOpen ? ["\(name) can be read by everybody (mode \(String(mode, radix: 8))): chmod 600 \(path)"] : []
        )
    }

    private func token(_ bytes: [UInt8], named name: String) throws(ConfigurationError) -> AuthToken {
        do throws(AuthToken.ParseError) {
            return try AuthToken(bytes)
        } catch {
            throw ConfigurationError(description: "\(name) holds no usable token: \(error.description)")
        }
    }
}
