/// Parts of a whole.
package enum Share {
    /// 0 of nothing is 0.
    package static func percent(_ part: Int, of whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) * 100 / Double(whole)
    }
}
