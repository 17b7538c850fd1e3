"""Reads text, geometry and colours of a page of `report` from a browser."""

import re

FACTS = r"""(() => {
const plain = text => (text || "").replace(/\s+/g, " ").replace(/\u2060/g, "").trim();
const text = node => node ? plain(node.textContent) : null;
const all = (selector, of = document) => [...of.querySelectorAll(selector)];
const table = of => of && {head: all("thead th", of).map(text),
  rows: all("tbody tr", of).map(row => [...row.children].map(text))};
const titled = shape => text(shape.querySelector("title"));
const numbers = (shape, ...names) => names.map(name => Number(shape.getAttribute(name)));
const place = (tick, side) => [Number.parseFloat(tick.style[side]), text(tick)];
const chart = id => {
  const svg = document.getElementById(id + "-chart");
  if (!svg) return null;
  const section = svg.closest("section"), data = svg.dataset;
  return {left: Number(data.left), right: Number(data.right), top: Number(data.top),
    bands: all(".band", svg).map(shape => [shape.dataset.band, shape.getAttribute("d")]),
    lines: all(".line", svg).map(shape => shape.getAttribute("d")),
    dots: all(".dot", svg).map(shape => shape.getAttribute("d")),
    ranges: all(".range", svg).map(shape => shape.getAttribute("d")),
    limits: all(".limit-line", svg).map(shape => [Number(shape.dataset.value), shape.getAttribute("d")]),
    columns: all(".hit", svg).map(shape => [...numbers(shape, "x", "width"), titled(shape)]),
    y: all(".ticks .y", section).map(tick => place(tick, "bottom")),
    x: all(".ticks .x", section).map(tick => place(tick, "left")),
    limitLabels: all(".ticks .limit", section).map(tick => place(tick, "bottom")),
    legend: all(".legend li", section).map(text), label: plain(svg.getAttribute("aria-label")),
    notes: all(":scope > p", section).map(text), table: table(section.querySelector("details table"))};
};
const svg = id => document.getElementById(id + "-chart");
const own = node => [...node.childNodes].filter(child => child.nodeType == 3 && child.data.trim()).length > 0;
const colour = text => {
  const found = (text.match(/-?[\d.]+(?:e-?\d+)?/g) || []).map(Number);
  const [r, g, b] = text.startsWith("color") ? found : found.map(part => part / 255);
  return [r, g, b, found.length > 3 ? found[3] : 1];
};
const ground = node => {
  let [r, g, b, a] = [0, 0, 0, 0];
  for (; node; node = node.parentElement) {
    const [red, green, blue, alpha] = colour(getComputedStyle(node).backgroundColor), part = (1 - a) * alpha;
    [r, g, b, a] = [r + red * part, g + green * part, b + blue * part, a + part];
  }
  return [r, g, b];
};
const light = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
  return .2126 * x + .7152 * y + .0722 * z;
};
const contrast = node => {
  const [one, two] = [light(colour(getComputedStyle(node).color)), light(ground(node))].sort((a, b) => b - a);
  return (one + .05) / (two + .05);
};
const shown = all("body *").filter(node => node.checkVisibility() && !node.closest("svg"));
const hours = svg("hours"), bars = svg("recency"), cover = svg("coverage"), runs = document.getElementById("runs");
return {
  title: document.title, lang: document.documentElement.lang,
  account: text(document.querySelector("h1")), headline: text(document.querySelector(".headline")),
  detail: text(document.querySelector(".detail")), run: text(document.querySelector(".run")),
  parts: all(".parts > div").map(part => [text(part.children[0]), text(part.children[1])]),
  notes: all(".notes li").map(note => [note.className, text(note)]),
  charts: {unavailable: chart("unavailable"), statuses: chart("statuses")},
  hours: {low: Number(hours.dataset.low), high: Number(hours.dataset.high), label: plain(hours.getAttribute("aria-label")),
    cells: all(".cell", hours).map(cell => [...numbers(cell, "x", "y"), Number(getComputedStyle(cell).fillOpacity),
      cell.classList.contains("best"), cell.classList.contains("none"), titled(cell)]),
    table: table(hours.closest("section").querySelector("details table"))},
  moves: table(document.querySelector(".moves")),
  sums: all(".sums p").map(text),
  recency: bars && {longest: Number(bars.dataset.longest),
    bars: all(".bar", bars).map(bar => [...numbers(bar, "y", "width"), titled(bar)]),
    figures: all(".figures li").map(text),
    table: table(bars.closest("section").querySelector("details table"))},
  coverage: cover && {whole: Number(cover.dataset.whole), widths: all("rect", cover).map(bar => numbers(bar, "width")[0]),
    mark: cover.querySelector(".mark").getAttribute("d"),
    table: table(cover.closest("section").querySelector("details table"))},
  card: all(".card dt").map(name => [text(name), text(name.nextElementSibling)]),
  runs: table(runs), links: all("a", runs).map(link => [text(link), link.getAttribute("href")]),
  headings: all("h1, h2, h3, h4").map(heading => Number(heading.tagName[1])),
  unnamed: all("svg").filter(image => !image.ariaHidden && !(image.role == "img" && image.getAttribute("aria-label"))).length,
  tableless: all("section svg").filter(image => !image.closest("section").querySelector("details table")).length,
  unreachable: all(".scroll").filter(box => box.tabIndex != 0 || !box.getAttribute("aria-label")).length,
  loads: all("script, link, img, iframe, object, embed, video, audio, image, use, base, form").map(node => node.outerHTML),
  handlers: all("*").filter(node => [...node.attributes].some(({name}) => name.startsWith("on"))).length,
  faint: shown.filter(node => own(node) && contrast(node) < 4.5).map(node => [contrast(node), text(node).slice(0, 60)]),
  wide: shown.filter(node => !node.parentElement.closest(".scroll") && node.getBoundingClientRect().right > innerWidth + .5
    && node.getBoundingClientRect().width > 0).map(node => node.className + " " + text(node).slice(0, 40)),
  scrolls: document.documentElement.scrollWidth > innerWidth,
};
})()"""

VIEWS = [("light", 1100), ("dark", 1100), ("light", 360), ("dark", 360)]


def read(browser, path, views=VIEWS):
    """The facts of a page, and findings that do not depend on the figures."""
    wrong = []
    for scheme, width in views:
        browser.open(path, width=width, scheme=scheme)
        facts = browser.evaluate(FACTS)
        where = f"{scheme}, {width} px"
        wrong += [f"console, {where}: {complaint}" for complaint in browser.complaints]
        wrong += [f"request, {where}: {url}" for url in browser.requests[1:]]
        wrong += [f"contrast, {where}: {ratio:.2f} of '{text}'" for ratio, text in facts["faint"]]
        wrong += [f"width, {where}: {what}" for what in facts["wide"] or ["the page scrolls sideways"] * facts["scrolls"]]
    return facts, wrong


def points(path):
    """The corners of a path of absolute moves and lines, as (x, y)."""
    return [tuple(map(float, match.groups())) for match in re.finditer(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]
