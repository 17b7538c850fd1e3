/// FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv): the same hash on every machine, simple to write in any
/// language.
///
/// It spreads ids evenly; it does not resist an adversary.
package enum FNV1a {
    package static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { hash, byte in (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }
}
