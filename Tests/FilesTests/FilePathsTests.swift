import Files
import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct FilePathsTests {
    /// Pieces that are UTF-8, that are not, and that are the UTF-8 of the escape scalars themselves.
    private static let pieces: [[UInt8]] =
        [
            "/", ".", "..", "//", "a", "bc", " ", "\u{e9}", "e\u{301}", "\u{301}", "\u{65e5}", "\u{1f600}", "\r\n",
            "\u{fffd}",
        ]
        .map { Array($0.utf8) }
        + [
            [0xFF], [0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF4, 0x90, 0x80, 0x80],
            [0xF0, 0x9F],
        ]
        + [0x10_F780, 0x10_F7C3, 0x10_F7FF, 0x10_F77F, 0x10_F800, 0xE000].map { (value: UInt32) in
            Array(String(Unicode.Scalar(value).map(Character.init) ?? "?").utf8)
        }

    /// Random paths without NUL.
    private static func made(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { number in
            number % 2 == 0
                ? random.bytes(Int.random(in: 0...12, using: &random)).filter { $0 != 0 }
                : (0..<Int.random(in: 0...9, using: &random)).flatMap { _ in pieces.randomElement(using: &random) ?? []
                }
        }
    }

    @Test func `every path converts back to its bytes`() {
        for bytes in Self.made(4_000, seed: 61) {
            let text = FilePaths.text(bytes)
            #expect(FilePaths.bytes(text) == bytes, "\(hex(bytes))")
            #expect(FilePaths.hasInvalidUTF8(text) || Array(text.utf8) == bytes, "\(hex(bytes))")
        }
    }

    @Test func `two paths never have the same text`() {
        let paths = Set(Self.made(4_000, seed: 62))
        #expect(Set(paths.map { Array(FilePaths.text($0).utf8) }).count == paths.count)
    }

    @Test(arguments: [
        "plain.csv", "\u{e9}\u{65e5} \u{1f600}", "", "e\u{301}", "\u{10F77F}\u{10F800}",
    ])
    func `a UTF-8 path is unchanged`(_ path: String) {
        #expect(Array(FilePaths.text(path.utf8).utf8) == Array(path.utf8))
        #expect(Array(FilePaths.escaped(path).utf8) == Array(path.utf8))
        #expect(!FilePaths.hasInvalidUTF8(path))
    }

    @Test(
        arguments: [
            ([0xFF], #"\xFF"#), (Array("a/".utf8) + [0xE9] + Array(".csv".utf8), #"a/\xE9.csv"#),
            ([0xC3, 0x28], #"\xC3("#), ([0xE2, 0x82, 0x2F], #"\xE2\x82/"#), ([0xC3, 0xA9, 0xC3], "\u{e9}" + #"\xC3"#),
            (Array("\u{10F7FF}".utf8), #"\xF4\x8F\x9F\xBF"#),
        ] as [([UInt8], String)])
    func `bytes that are not UTF-8 are shown as hex`(_ bytes: [UInt8], _ expected: String) {
        let text = FilePaths.text(bytes)
        #expect(FilePaths.hasInvalidUTF8(text))
        #expect(FilePaths.escaped(text) == expected)
    }

    @Test(.needs("python3")) func `a path is made absolute as Python makes it`() async throws {
        let paths = Self.made(2_000, seed: 63).filter { !$0.isEmpty }
        // POSIX allows two slashes at the start to mean something else; on Linux they do not.
        let program = """
            import os, sys
            for line in sys.stdin.read().split():
                path = os.path.abspath(bytes.fromhex(line))
                print((path[1:] if path.startswith(b"//") else path).hex())
            """
        let lines = paths.map { hex($0) }.joined(separator: "\n")
        let here = FileManager.default.currentDirectoryPath
        let result = try await Tool.run(Tool.python, ["-c", program], in: here, input: Array(lines.utf8))
        try #require(result.code == 0, "\(result.error)")
        let expected = result.output.split(separator: "\n")
        try #require(expected.count == paths.count)
        for (path, expected) in zip(paths, expected) {
            #expect(hex(FilePaths.bytes(FilePaths.absolute(FilePaths.text(path)))) == expected, "\(hex(path))")
        }
    }

    /// Does all file operations of a run in a directory whose name is not UTF-8.
    @Test func `files with names that are not UTF-8 are made read listed and removed`() async throws {
        try await withTemporaryDirectory { directory in
            let name = FilePaths.text([0x61, 0xFF, 0xC3])
            let folder = directory + "/" + FilePaths.text([0xE9]) + "/" + name
            try FileSystem.make(folder)
            #expect(FileSystem.isDirectory(folder))
            let file = try OutputFile(creating: folder + "/" + name)
            try file.write(Array("abc".utf8))
            try file.finish()
            #expect(try FileSystem.list(folder) == [name])
            #expect(try everything(InputFile(opening: folder + "/" + name)) == Array("abc".utf8))
            try FileSystem.rename(folder + "/" + name, to: folder + "/b")
            try FileSystem.replaceLink(folder + "/" + name, target: "b", through: folder + "/new")
            try FileSystem.sync(folder)
            #expect(try FileSystem.contents(of: folder + "/" + name) == Array("abc".utf8))
            #expect(try FileSystem.list(folder) == [name, "b"])
            #expect(throws: Never.self) { try FreeSpace.require(bytes: 1, at: folder) }
            #expect(throws: FileError.self) { try FreeSpace.require(bytes: .max, at: folder) }
            let lock = try DirectoryLock(path: folder + "/.lock", holder: "a test")
            withExtendedLifetime(lock) {}
            try FileSystem.remove(directory + "/" + FilePaths.text([0xE9]))
            #expect(try FileSystem.list(directory).isEmpty)
        }
    }

    /// A command that the user copies must contain the path as one word.
    @Test func `a word for a shell is one word`() async throws {
        let paths = [
            "reports", "/srv/viber/reports", "my reports", "a'b", "$HOME", "-rf", "a;b", "*", "", "é", "a\nb", "~",
            "#x",
        ]
        let program =
            "import shlex, sys; print(*[shlex.split(word) == [path] for word, path in zip(sys.argv[1::2], sys.argv[2::2])])"
        let arguments = paths.flatMap { [FilePaths.shellWord($0), $0.hasPrefix("-") ? "./" + $0 : $0] }
        #expect(
            try await Tool.python(program, arguments).output == paths.map { _ in "True" }.joined(separator: " ") + "\n")
        #expect(FilePaths.shellWord("/srv/viber-1/reports") == "/srv/viber-1/reports")
        #expect(FilePaths.shellWord("~") == "'~'")
    }
}
