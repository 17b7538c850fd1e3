import Files
import Model
import TestSupport
import Testing

@testable import Journal

/// What all processes of a run have asked, behind its answers.
@Suite struct RunUsageTests {
    /// What is known without the file.
    private static let known = {
        var use = RunUsage()
        use.passes = 77
        return use
    }()

    private func answers(_ path: String) throws -> AnswerFile {
        try AnswerFile(opening: path, count: 3, earlier: Self.known)
    }

    @Test func `a process goes on counting where the last one stopped`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/answers"
            do {
                let first = try AnswerFile(creating: path, count: 3)
                #expect(first.earlierUse == RunUsage())
                for _ in 0..<5 { try first.recordRequest() }
                var api = RunSummary.APIUsage()
                (api.requests, api.retries, api.throttled) = (4, 2, 1)
                (api.extraUsers, api.duplicateUsers, api.statusMessageMismatches) = (6, 7, 8)
                first.note(passes: 1, api)
                // Killed with the sixth on its way.
                try first.recordRequest()
            }
            let second = try answers(path)
            let use = second.earlierUse
            #expect(use.passes == 1)
            // Those that were sent, answered or not.
            #expect(use.api.requests == 6)
            #expect((use.api.retries, use.api.throttled) == (2, 1))
            #expect((use.api.extraUsers, use.api.duplicateUsers, use.api.statusMessageMismatches) == (6, 7, 8))
            try second.recordRequest()
            var api = RunSummary.APIUsage()
            (api.requests, api.retries) = (1, 1)
            second.note(passes: 2, api)
            try second.writeUse()
            let third = try answers(path).earlierUse
            #expect(third.passes == 3)
            #expect((third.api.requests, third.api.retries, third.api.throttled) == (7, 3, 1))
        }
    }

    @Test(arguments: [0, 8, 55, 56, 59, 63]) func `one bit makes it unknown`(_ place: Int) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/answers"
            try AnswerFile(creating: path, count: 3).recordRequest()
            var content = try bytes(of: path)
            #expect(content.count == 3 * 32 + 64)
            content[96 + place] ^= 4
            try write(content, to: path)
            #expect(try answers(path).earlierUse == Self.known)
        }
    }

    /// As a file that was cut, or never written to.
    @Test func `zeros are no count`() async throws {
        try await withTemporaryDirectory { directory in
            try write([UInt8](repeating: 0, count: 160), to: directory + "/answers")
            #expect(try answers(directory + "/answers").earlierUse == Self.known)
            try write([UInt8](repeating: 0, count: 100), to: directory + "/short")
            #expect(try answers(directory + "/short").earlierUse == Self.known)
        }
    }
}
