import Files
import Model
import TestSupport
import Testing

@testable import Journal

/// The API usage of all processes of a run, stored after its answers.
@Suite struct RunUsageTests {
    /// The usage that is known without the file.
    private static let known = {
        var usage = RunUsage()
        usage.passes = 77
        return usage
    }()

    private func answers(_ path: String) throws -> AnswerFile {
        try AnswerFile(opening: path, count: 3, earlier: Self.known)
    }

    @Test func `a process continues the counts of the last one`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/answers"
            do {
                let first = try AnswerFile(creating: path, count: 3)
                #expect(first.earlierUsage == RunUsage())
                for _ in 0..<5 { try first.recordRequest() }
                var api = RunSummary.APIUsage()
                (api.requests, api.retries, api.throttled) = (4, 2, 1)
                (api.extraUsers, api.duplicateUsers, api.statusMessageMismatches) = (6, 7, 8)
                first.setUsage(passes: 1, api)
                // Killed with the sixth request in flight.
                try first.recordRequest()
            }
            let second = try answers(path)
            let usage = second.earlierUsage
            #expect(usage.passes == 1)
            // All requests that were sent, answered or not.
            #expect(usage.api.requests == 6)
            #expect((usage.api.retries, usage.api.throttled) == (2, 1))
            #expect((usage.api.extraUsers, usage.api.duplicateUsers, usage.api.statusMessageMismatches) == (6, 7, 8))
            try second.recordRequest()
            var api = RunSummary.APIUsage()
            (api.requests, api.retries) = (1, 1)
            second.setUsage(passes: 2, api)
            try second.writeUsage()
            let third = try answers(path).earlierUsage
            #expect(third.passes == 3)
            #expect((third.api.requests, third.api.retries, third.api.throttled) == (7, 3, 1))
        }
    }

    @Test(arguments: [0, 8, 55, 56, 59, 63])
    func `one flipped bit makes the usage unknown`(_ offset: Int) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/answers"
            try AnswerFile(creating: path, count: 3).recordRequest()
            var content = try bytes(of: path)
            #expect(content.count == 3 * 32 + 64)
            content[96 + offset] ^= 4
            try write(content, to: path)
            #expect(try answers(path).earlierUsage == Self.known)
        }
    }

    /// A file that was cut or never written to holds zeros.
    @Test func `zeros are not a valid usage`() async throws {
        try await withTemporaryDirectory { directory in
            try write([UInt8](repeating: 0, count: 160), to: directory + "/answers")
            #expect(try answers(directory + "/answers").earlierUsage == Self.known)
            try write([UInt8](repeating: 0, count: 100), to: directory + "/short")
            #expect(try answers(directory + "/short").earlierUsage == Self.known)
        }
    }
}
