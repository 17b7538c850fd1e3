import TestSupport
import Testing

@testable import Sandbox

@Suite(.needs("python3")) struct SampleIDsTests {
    @Test func `ids are different and the same at every call`() {
        let ids = SampleIDs.ids(20_000)
        #expect(ids.count == 20_000)
        #expect(Set(ids).count == 20_000)
        #expect(SampleIDs.ids(20_000) == ids)
        #expect(SampleIDs.ids(10) == Array(ids.prefix(10)))
        #expect(Set(ids).isDisjoint(with: SampleIDs.ids(1_000, seed: 1)))
        #expect(SampleIDs.ids(0) == [])
    }

    @Test func `ids are sixteen bytes in canonical Base64`() async throws {
        let program = """
            import base64, sys
            ids = sys.stdin.read().splitlines()
            wrong = [id for id in ids if len(id) != 24 or len(base64.b64decode(id, validate=True)) != 16
                or base64.b64encode(base64.b64decode(id)).decode() != id]
            print(len(ids), wrong, sorted(set("".join(ids))) == sorted(
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
            """
        let ids = SampleIDs.ids(5_000).joined(separator: "\n")
        let result = try await Tool.python(program, input: Array(ids.utf8))
        #expect(result.output == "5000 [] True\n")
    }
}
