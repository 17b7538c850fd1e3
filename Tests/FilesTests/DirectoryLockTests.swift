import Files
import Foundation
import Glibc
import TestSupport
import Testing

@Suite(.needs("python3")) struct DirectoryLockTests {
    @Test func `a lock held by another process is an error that names the holder`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/.lock"
            let holder = try LockHolder(path, line: "process 4711 since 2026-11-21T23:15:00Z")
            let error = #expect(throws: LockHeld.self) { try DirectoryLock(path: path, holder: "me") }
            #expect(error?.holder == "process 4711 since 2026-11-21T23:15:00Z")
            #expect(
                error?.description == "the output directory is in use by another run: \(path) is locked by process "
                    + "4711 since 2026-11-21T23:15:00Z")
            #expect(try bytes(of: path) == Array("process 4711 since 2026-11-21T23:15:00Z\nmore\n".utf8))
            try holder.letGo()
            let lock = try DirectoryLock(path: path, holder: "me")
            #expect(try bytes(of: path) == Array("me\n".utf8))
            withExtendedLifetime(lock) {}
        }
    }

    @Test func `another process finds the lock and finds it free after release`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/.lock"
            let program = """
                import fcntl, signal, sys
                wait = sys.argv[2] == "wait"
                signal.alarm(10)
                with open(sys.argv[1]) as file:
                    try:
                        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
                        print("free")
                    except BlockingIOError:
                        print("held by", file.read().strip())
                """
            var lock: DirectoryLock? = try DirectoryLock(path: path, holder: "process 1")
            #expect(try await pythonLines(program, [path, "try"]) == ["held by process 1"])
            #expect(throws: LockHeld.self) { try DirectoryLock(path: path, holder: "second") }
            withExtendedLifetime(lock) {}
            lock = nil
            #expect(try await pythonLines(program, [path, "wait"]) == ["free"])
            #expect(FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func `a holder without printable text is not named`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/.lock"
            let holder = try LockHolder(path, line: "\u{1b}[31m")
            let error = #expect(throws: LockHeld.self) { try DirectoryLock(path: path, holder: "me") }
            #expect(error?.description == "the output directory is in use by another run: \(path) is locked")
            try holder.letGo()
        }
    }

    @Test func `a link or a missing directory is refused`() async throws {
        try await withTemporaryDirectory { directory in
            try write("precious", to: directory + "/file")
            try FileManager.default.createSymbolicLink(atPath: directory + "/.lock", withDestinationPath: "file")
            for name in ["/.lock", "/missing/.lock"] {
                let error = #expect(throws: FileError.self) { try DirectoryLock(path: directory + name, holder: "me") }
                #expect(error?.kind == .cannotCreate)
            }
            #expect(try bytes(of: directory + "/file") == Array("precious".utf8))
        }
    }

    /// The kernel releases the lock, and the next holder overwrites the line of the killed one.
    @Test func `a killed holder does not keep the lock`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/.lock"
            let holder = try LockHolder(path, line: "process 4711 since 2026-11-21T23:15:00Z")
            holder.kill()
            let lock = try DirectoryLock(path: path, holder: "me")
            #expect(try bytes(of: path) == Array("me\n".utf8))
            withExtendedLifetime(lock) {}
        }
    }

    /// A program that the holder starts does not keep the lock; after the release the file names no holder.
    @Test func `the lock is not inherited and ends with its holder`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/.lock"
            var lock: DirectoryLock? = try DirectoryLock(path: path, holder: "me")
            let open = try FileSystem.list("/proc/self/fd").compactMap(Int32.init).filter { number in
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")) == path
            }
            #expect(open.count == 1)
            for descriptor in open { #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0) }
            withExtendedLifetime(lock) {}
            lock = nil
            #expect(try bytes(of: path).isEmpty)
        }
    }

    @Test func `only the owner can read the lock file`() async throws {
        try await withTemporaryDirectory { directory in
            let lock = try DirectoryLock(path: directory + "/.lock", holder: "me")
            #expect(try mode(of: directory + "/.lock") & 0o177 == 0)
            withExtendedLifetime(lock) {}
        }
    }
}

/// A Python process that holds a lock until its input is closed.
private final class LockHolder {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ path: String, line: String) throws {
        let program = """
            import fcntl, sys
            with open(sys.argv[1], "w") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.write(sys.argv[2] + "\\nmore\\n")
                file.flush()
                print("held", flush=True)
                sys.stdin.read()
            """
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [Tool.python, "-c", program, path, line]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var said = Data()
        while said.last != 0x0A {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the holder ended")
            said += more
        }
    }

    func kill() {
        _ = Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func letGo() throws {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
