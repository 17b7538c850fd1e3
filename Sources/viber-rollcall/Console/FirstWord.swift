import Files

/// Checks the first word of the command line, which is a command or the path of a source.
enum FirstWord {
    /// Refuses a first word that looks like a mistyped command. Any other unknown word is treated as a source.
    ///
    /// - Parameters:
    ///   - arguments: the command line without the program's name.
    ///   - commands: the names of the commands.
    /// - Throws: `UsageError` for a mistyped command, and for `--token`, which does not exist.
    static func check(_ arguments: [String], commands: [String]) throws(UsageError) {
        if arguments.contains(where: { $0 == "--token" || $0.hasPrefix("--token=") }) {
            throw UsageError(
                description: "there is no option --token, since other users can see arguments: give --token-file FILE")
        }
        guard let word = arguments.first, !word.hasPrefix("-"), !commands.contains(word) else { return }
        let nearest = commands.map { (name: $0, distance: distance(from: word, to: $0)) }
            .min { $0.distance < $1.distance }
        // The name is checked first, so that a source on a hanging disk is usually not accessed here.
        guard let nearest, nearest.distance <= 2, !word.contains("/"), !word.contains("."), !FileSystem.exists(word)
        else { return }
        throw UsageError(
            description: "there is no command and no file '\(FilePaths.escaped(word))'. Did you mean \(nearest.name)? "
                + "(viber-rollcall --help)")
    }

    /// The number of bytes to insert, remove, replace or swap with the next one (optimal string alignment distance).
    static func distance(from word: String, to other: String) -> Int {
        let (word, other) = (Array(word.utf8), Array(other.utf8))
        var rows = [Array(0...other.count)]
        for index in word.indices {
            var row = [index + 1]
            for column in other.indices {
                let replaced = rows[index][column] + (word[index] == other[column] ? 0 : 1)
                var best = min(rows[index][column + 1] + 1, row[column] + 1, replaced)
                if index > 0, column > 0, word[index] == other[column - 1], word[index - 1] == other[column] {
                    best = min(best, rows[index - 1][column - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[word.count][other.count]
    }
}
