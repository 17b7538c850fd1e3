/// Percentages.
package enum Share {
    /// The percentage of `part` in `whole`; 0 if `whole` is 0.
    package static func percent(_ part: Int, of whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) * 100 / Double(whole)
    }
}
