/// FNV-1a, 64 bits: a hash that is the same everywhere and for ever, simple enough to write down in any language.
///
/// For spreading ids, never against an adversary. (Fowler, Noll, Vo; draft-eastlake-fnv.)
package enum FNV1a {
    package static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { hash, byte in (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }
}
