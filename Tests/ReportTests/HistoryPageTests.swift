import Model
import Testing

@testable import Audit
@testable import Report

/// The page as text. `ReportPageTests` checks it in a browser.
@Suite struct HistoryPageTests {
    private func html(_ rows: [HistoryRow]) throws -> String {
        let input = HistoryPage.Input(
            rows: rows, madeAt: Timestamp(milliseconds: 1_795_302_900_000), toolVersion: "1.2.3")
        return String(decoding: try #require(try HistoryPage(input)?.html()), as: UTF8.self)
    }

    @Test func `without a run there is no page`() {
        let input = HistoryPage.Input(rows: [], madeAt: Timestamp(milliseconds: 0), toolVersion: "1")
        #expect(HistoryPage(input) == nil)
    }

    @Test func `the same input gives the same bytes`() throws {
        let rows = (0..<40).map { HistoryRow.made(hours: Double($0), online: $0 % 7) }
        #expect(try html(rows) == html(rows.reversed()))
        #expect(try html(rows).contains("on 21 November 2026, 23:15 UTC"))
    }

    @Test func `runs of another source or account are left out`() throws {
        let page = try html([
            .made(hours: 0), .made(hours: 1, source: "other.csv"), .made(hours: 2, account: "pa:2"),
            .made(hours: 3, account: "", name: ""), .made(hours: 4),
        ])
        #expect(page.contains("2 runs of another source or account are left out here."))
        #expect(page.contains("<p class=\"small soft\">3 runs; 3 without a snapshot, known from history.csv.</p>"))
        #expect(!page.contains("other.csv"))
    }

    /// A quote with a combining accent is one character, and still ends an attribute.
    @Test(arguments: [
        ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"), ("\"\u{301} onclick=\"", "&quot;\u{301} onclick=&quot;"),
        ("<\u{20DD}script", "&lt;\u{20DD}script"), ("&\u{FE0F}lt;", "&amp;\u{FE0F}lt;"),
        ("a\u{0}\u{1B}\r\nb", "a\u{FFFD}\u{FFFD}\u{FFFD}\nb"),
        ("日本 😀 é", "日本 😀 é"),
    ])
    func `text is escaped scalar by scalar`(_ text: String, _ escaped: String) {
        #expect(Array(HTMLEscaping.escaped(text).unicodeScalars) == Array(escaped.unicodeScalars))
    }

    @Test func `a hostile name stays text`() throws {
        let name = "</title><script>alert(1)</script>\"\u{301} onclick=\"x {{toolVersion}} {{{account}}}"
        let page = try html([.made(hours: 0, source: name, name: name)])
        #expect(!page.contains("<script"))
        #expect(page.contains("&quot;\u{301} onclick=&quot;x {{toolVersion}} {{{account}}}"))
        #expect(page.contains("&lt;/title&gt;&lt;script&gt;"))
    }

    /// Ids without an answer may be unavailable.
    @Test func `an incomplete run is a range`() throws {
        let page = try html([.made(hours: 0), .made(hours: 24, online: 4, unique: 10, unresolved: 3)])
        #expect(page.contains("<strong>0–3</strong> <span>of 10 unavailable</span>"))
        #expect(page.contains("at least 0.0\u{A0}%, at most 30.0\u{A0}%; it was 0.0\u{A0}% on 1 June 2026"))
        #expect(page.contains("incomplete: some ids have no definite answer"))
    }

    @Test func `the page does not say that ids unsubscribed`() throws {
        let page = try html([.made(hours: 0)])
        #expect(!page.lowercased().contains("unsubscribed"))
        #expect(page.contains("is not a Viber user, does not subscribe to the bot, or has unregistered from the app"))
    }
}
