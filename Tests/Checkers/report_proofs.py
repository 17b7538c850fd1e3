"""Pages of `report` with one mistake each, and the finding of check_report.py that each must give."""

import os
import re
import tempfile

import check_report

NUMBER = r"-?\d+\.\d+"
POLICY = r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>"


def moved(match):
    """Adds 1 to the last number of a match."""
    head, number = re.fullmatch(rf"(.*?)({NUMBER})", match[0], re.DOTALL).groups()
    return f"{head}{float(number) + 1:.2f}"


def one_more(match):
    return re.sub(r"[\d,]+$", lambda number: f"{int(number[0].replace(',', '')) + 1:,}", match[0])


# The text to change, its replacement, and how the finding starts.
TAMPERED = [
    (rf'class="line" d="M{NUMBER} {NUMBER}', moved, "unavailable: line: value"),
    (rf'class="line" d="M{NUMBER}', moved, "unavailable: line: time"),
    (rf'class="dot" d="M{NUMBER} {NUMBER}', moved, "unavailable: dot: value"),
    (r'<path class="dot"[^>]*>', "", "unavailable: dots"),
    (rf'class="range" d="M{NUMBER} {NUMBER}', moved, "unavailable: at least: value"),
    (rf'class="range" d="M{NUMBER} {NUMBER}V{NUMBER}', moved, "unavailable: at most: value"),
    (rf'class="limit-line" data-value="[\d.]+" d="M0 {NUMBER}', moved, "unavailable: limit"),
    (r'(<path class="line" d="[^"]*)"/>\n<path class="line" d="M', r"\1L", "unavailable: lines"),
    (rf'data-band="offline" d="M{NUMBER} {NUMBER}', moved, "band offline: upper edge: value"),
    (r'<path class="band unavailable"[^>]*>', "", "statuses: bands"),
    (r'data-top="', 'data-top="1', "statuses: mark|unavailable: mark"),
    (r'class="y" style="bottom:[\d.]+%">[\d,]+', one_more, "unavailable: mark"),
    (r'style="left:\d+\.\d\d%">\d+ [A-Z][a-z][a-z]<', lambda match: match[0].replace(match[0][-4:-1], "Xyz"), "unavailable: mark"),
    (r"<title>[^<]*\nunavailable [\d,]+", one_more, "statuses: hover"),
    (r"UTC: [\d,]+(?= unavailable of)", one_more, "unavailable: hover"),
    (r"<strong>[\d,]+", one_more, "headline"),
    (r'<div class="offline"><dt>offline</dt><dd>[\d,]+', one_more, "part offline"),
    (r'calc\(.12 \+ .88 \* [\d.]+', lambda match: match[0] + "1 * .9", "hours: shade"),
    (r" best\"", '"', "hours: best"),
    (r'<td class="stayed"[^>]*>[\d,]+', one_more, "moves"),
    (r"<p><b>[\d,]+(?=</b> <span>became)", one_more, "moves: sums"),
    (rf'class="bar known" x="0" y="{NUMBER}" width="{NUMBER}', moved, "recency: bar"),
    (rf'class="listed" x="0" y="0" width="{NUMBER}', moved, "coverage: list"),
    (r"<dt>Id</dt><dd><bdi>pa:\d+", one_more, "account: Id"),
    (r'(?s)(<table id="runs">.*?<tbody>\n)<tr>.*?</tr>\n', r"\1", "runs: table"),
    (r'<a href="', '<a href="x', "runs: link to"),
    (r'role="img" aria-label="[^"]*"', 'role="img"', "accessible: unnamed"),
    (r"--soft: #[0-9a-f]+", "--soft: #aaaaaa", "contrast"),
    (r"<h1>", '<h1 style="width:400px">', "width"),
    (r"</h1>", "</h1><h4>x</h4>", "headings in order"),
    (r"</h1>", '</h1><img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', "console|what a page could load"),
    (POLICY, '<style>main { background: url("missing.png") }</style>', "request"),
    (POLICY, "<script>console.error(1)</script>", "console"),
    (r"</h1>", '</h1><p onclick="0">x</p>', "accessible: handlers|console"),
]


def failures(browser, page, history, limits):
    """The tampered pages that were not refused for the right reason."""
    with open(page, encoding="utf-8") as file:
        text = file.read()
    failed = []
    for pattern, change, expected in TAMPERED:
        tampered, count = re.subn(pattern, change, text, count=1)
        if not count:
            failed.append(f"the page does not match: {pattern}")
            continue
        # In the same directory, so that its relative links stay valid.
        handle, path = tempfile.mkstemp(suffix=".html", dir=os.path.dirname(os.path.abspath(page)))
        with open(handle, "w", encoding="utf-8") as file:
            file.write(tampered)
        try:
            view = ("light", 360) if expected in ("contrast", "width") else ("light", 1100)
            wrong, _ = check_report.findings(browser, path, history, limits, [view])
        finally:
            os.remove(path)
        if not any(re.match(expected, finding) for finding in wrong):
            failed.append(f"not refused for {expected}, but for {wrong[:3]}: {pattern}")
    return failed
