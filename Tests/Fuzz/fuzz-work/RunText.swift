import Formats
import FuzzKit
import Model

@testable import Journal

/// The content of `run.json` or `summary.json`.
struct RunText {
    var content: [UInt8]

    init(_ content: [UInt8]) { self.content = content }

    func check() {
        _ = JSONMember.members(of: content)  // may not hang or trap for any input
        if let record = Self.record(content) {
            check(record.summary)
            let written = record.json
            guard let again = Self.record(written) else { broken("\(text(written)) cannot be read") }
            expect(again.key == record.key && again.spoolSum == record.spoolSum, "another key or sum: \(again)")
            check(again.summary, isAsWrittenOf: record.summary)
            expect(again.json == written, "\(text(written)) was written as \(text(again.json))")
            check(written)
        } else if let (summary, files) = Self.summary(content) {
            check(summary)
            let written = summary.json(files: files)
            guard let again = Self.summary(written) else { broken("\(text(written)) cannot be read") }
            check(again.0, isAsWrittenOf: summary)
            expect(again.1 == files, "other files: \(again.1)")
            let twice = again.0.json(files: again.1)
            expect(twice == written, "\(text(written)) was written as \(text(twice))")
            check(written)
        }
    }

    private static func record(_ content: [UInt8]) -> RunRecord? {
        do { return try RunRecord(json: content) } catch {
            expect(!error.description.isEmpty, "the error has no text")
            return nil
        }
    }

    private static func summary(_ content: [UInt8]) -> (RunSummary, [ManifestEntry])? {
        do {
            let (summary, files, _) = try RunSummary.read(content)
            return (summary, files)
        } catch {
            expect(!error.description.isEmpty, "the error has no text")
            return nil
        }
    }

    /// Checks that sums of its numbers do not overflow.
    private func check(_ summary: RunSummary) {
        let (run, source, api) = (summary.run, summary.source, summary.api)
        let numbers =
            [run.passes, run.resumed, source.rowsRead, source.accepted, source.duplicates, source.unique]
            + [source.trimmed, source.rejectedTotal, summary.counts.total, api.requests, api.retries, api.throttled]
            + [api.extraUsers, api.duplicateUsers, api.statusMessageMismatches]
        for number in numbers { expect((0...(9 << 53)).contains(number), "the number \(number) is out of range") }
    }

    /// Checks the round trip. Times are written in whole seconds, and durations in milliseconds.
    private func check(_ again: RunSummary, isAsWrittenOf summary: RunSummary) {
        var expected = summary
        expected.timing = again.timing
        for time in [\RunSummary.run.startedAt, \.run.finishedAt] {
            let (before, after) = (summary[keyPath: time].milliseconds, again[keyPath: time].milliseconds)
            expect(before >= after && before - after < 1_000, "\(before) was written as \(after)")
            expected[keyPath: time] = again[keyPath: time]
        }
        expect(again == expected, "\(again) is not \(expected)")
        for time in [\RunSummary.timing.spool, \.timing.asking, \.timing.publish, \.timing.total]
        where summary[keyPath: time].magnitude < 1e12 {
            expect((summary[keyPath: time] - again[keyPath: time]).magnitude < 0.000_6, "another duration")
        }
    }

    /// Checks with an independent reader that the written document equals the input.
    private func check(_ written: [UInt8]) {
        guard let json = JSON(written) else { broken("\(text(written)) is not JSON") }
        guard let given = JSON(content) else { return }
        check(json, isOf: given, "")
    }

    /// Compares a written value with the value that was read.
    ///
    /// - Parameters:
    ///   - written: the written value.
    ///   - given: the value that was read; nil for none.
    ///   - name: the name of the member.
    private func check(_ written: JSON, isOf given: JSON?, _ name: String) {
        // Times lose their fractions, which is checked above; a work record has no files.
        if written == given || ["started_at", "finished_at", "timing", "files"].contains(name) { return }
        let isSame =
            switch written {
            case .object(let members):
                members.allSatisfy { member in
                    let name = String(decoding: member.name ?? [], as: UTF8.self)
                    check(member.value, isOf: given?[name], name)
                    return true
                }
            case .number: given == nil ? written.integer == 0 : given?.integer == written.integer
            case .array(let items): items.isEmpty && [nil, .null].contains(given)
            case .string(let content): name == "id" && given?.content == (content ?? []) + "-incomplete".utf8
            case .null: given == nil || (name == "account" && given?.members == nil)
            case .bool: false
            }
        expect(isSame, "\(name) is \(given as Any) and written as \(written)")
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
