import Model
import RollCall

/// Viber as it answers when some ids spoil every request they are in, or when it takes only so many at once.
struct Poison: OnlineStatusClient {
    let asked = RecordedBatches()
    private let ids: Set<[UInt8]>
    private let most: Int
    private let refusal: RequestFailure

    init(_ ids: some Sequence<[UInt8]> = [], most: Int = 100, refusal: RequestFailure = .refused) {
        self.ids = Set(ids)
        self.most = most
        self.refusal = refusal
    }

    func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply {
        asked.note(batch)
        guard batch.count <= most, ids.isDisjoint(with: batch.ids) else { throw refusal }
        return BatchReply(batch)
    }
}

extension RecordedBatches {
    /// How many requests carried each id of a batch, by its place.
    func carried(_ batch: IDBatch) -> [Int] {
        let counts = batches.joined().reduce(into: [[UInt8]: Int]()) { $0[$1, default: 0] += 1 }
        return batch.ids.map { counts[$0] ?? 0 }
    }

    /// Whether an id was asked for in a request of its own.
    func askedAlone(_ id: [UInt8]) -> Bool { batches.contains([id]) }
}

extension BatchReply {
    /// What a reply says of the requests that carried each of `count` ids.
    func attempts(count: Int) -> [Int] { (0..<count).map { attempts(at: $0) } }
}

extension BatchReply.PartFailure {
    static let poison = Self(reason: .badData, isFinal: true)
}

extension IDBatch {
    /// Ids that are in no batch with another number.
    init(number: Int = 0, count: Int = 100) { self.init((0..<count).map { Array("\(number)-\($0)".utf8) }) }
}
