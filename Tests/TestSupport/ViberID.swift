/// An id in the form of real ones, 24 characters of base64, that is unique for its seed.
///
/// - Parameter seed: letters and digits, at most 16, with which the id starts.
/// - Returns: the id.
package func viberID(_ seed: String) -> String {
    precondition(
        seed.utf8.count <= 16 && seed.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }, "not a seed: \(seed)")
    return (seed + "/").padding(to: 22, with: "aA") + "=="
}

extension String {
    fileprivate func padding(to count: Int, with characters: String) -> String {
        var padded = self
        while padded.utf8.count < count { padded += characters }
        return String(padded.prefix(count))
    }
}
