import TestSupport
import Testing

/// Output directories with a history, made without the program.
enum Histories {
    /// Creates a history in `reports` of a directory; the arguments are those of make_history.py.
    static func make(in directory: String, _ arguments: [String]) async throws {
        let made = try await Tool.run(
            Tool.python, ["-B", Machine.root + "/Tests/Checkers/make_history.py", directory + "/reports"] + arguments)
        try #require(made.code == 0, "\(made.error)")
    }

    /// Changes the summary of a run, selected by its index from the end. `change` is Python, with the object of the
    /// summary as `it`.
    static func edit(_ index: Int, in directory: String, _ change: String) async throws {
        let edited = try await Tool.python(
            """
            import glob, json, sys
            path = sorted(glob.glob(sys.argv[1] + "/reports/2*/summary.json"))[int(sys.argv[2])]
            it = json.load(open(path))
            exec(sys.argv[3])
            json.dump(it, open(path, "w"))
            """, [directory, String(index), change])
        try #require(edited.code == 0, "\(edited.error)")
    }
}
