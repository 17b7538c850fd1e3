import Files
import Formats
import FuzzKit
import Journal

/// The result of the spool reader.
struct Spool: Equatable {
    var ids: [[UInt8]] = []
    var error: FileError?

    init(_ content: [UInt8], pieces: [Int]) {
        do {
            var reader = try SpoolReader(Pieces(content, sizes: pieces), name: "spool")
            while try reader.next() { ids.append(Array(reader.current)) }
        } catch let error as FileError {
            self.error = error
        } catch {
            broken("unexpected error: \(error)")
        }
    }

    static func check(_ content: [UInt8]) {
        let spool = Spool(content, pieces: [.max])
        expect(spool == Spool(content, pieces: [1]), "the result depends on the pieces")
        expect(spool == Spool(content, pieces: [3, 1, 40, 2, 300]), "the result depends on the pieces")
        for id in spool.ids { expect((1...128).contains(id.count), "an id of \(id.count) bytes") }
        let written = Array("VRSPOOL1".utf8) + spool.ids.flatMap { [UInt8(truncatingIfNeeded: $0.count)] + $0 }
        if spool.error == nil {
            expect(written == content, "writing the ids gives other bytes")
        } else {
            expect(spool.ids.isEmpty || content.starts(with: written), "ids that are not in the file")
        }
    }
}
