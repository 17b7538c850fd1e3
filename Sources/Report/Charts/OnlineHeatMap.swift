import Formats
import Model

/// How many are online by weekday and hour of the day, in UTC: when to send.
struct OnlineHeatMap: Sendable {
    /// A square of the map.
    struct Cell: Sendable {
        var x: String
        var y: String
        /// From 0, the least share of the map, to 1, the most; nil where no run began.
        var shade: String?
        /// Whether it is one of the best hours.
        var isBest: Bool
        var text: String
    }

    /// The shares at the ends of the shading, in percent, and as a person reads them.
    let low: String
    let high: String
    let lowest: String
    let highest: String
    private(set) var cells: [Cell] = []
    let hours: [Tick]
    /// Their first letters.
    let weekdays = Timestamp.weekdays.map { String($0.prefix(3)) }
    /// When to send, in words.
    let advice: String
    let label: String
    let table: PageTable

    /// The runs that began in one hour of one weekday. Ids without an answer count for nothing.
    struct Bin: Sendable, Equatable {
        var weekday: Int
        var hour: Int
        var runs = 0
        var online = 0
        var answered = 0

        var percent: Double { Share.percent(online, of: answered) }

        mutating func add(_ row: HistoryRow) {
            runs += 1
            online += row.online
            answered += row.answered
        }
    }

    /// Those with a share, Monday's first hour first.
    static func bins(_ series: RunSeries) -> [Bin] {
        var bins = (0..<168).map { Bin(weekday: $0 / 24, hour: $0 % 24) }
        for row in series.rows where row.answered > 0 {
            bins[row.startedAt.weekday * 24 + row.startedAt.hour].add(row)
        }
        return bins.filter { $0.runs > 0 }
    }

    init(_ series: RunSeries) {
        let bins = Self.bins(series)
        let best = bins.sorted { ($1.percent, $0.weekday, $0.hour) < ($0.percent, $1.weekday, $1.hour) }.prefix(3)
        hours = stride(from: 0, to: 24, by: 3).map { hour in
            Tick(Double(hour) / 24, String(hour), number: 0)
        }
        advice = Self.advice(bins, Array(best))
        label = "Heat map: the online share by weekday and hour, UTC. " + advice
        table = Self.table(bins)
        let range = (bins.map(\.percent).min() ?? 0, bins.map(\.percent).max() ?? 0)
        (low, high) = (DecimalText.text(range.0, digits: 4), DecimalText.text(range.1, digits: 4))
        (lowest, highest) = (PageFigures.percent(range.0), PageFigures.percent(range.1))
        let shades = Scale(low: range.0, high: range.1, length: 1)
        cells = (0..<168).map { place in
            let bin = bins.first { $0.weekday * 24 + $0.hour == place }
            return Cell(
                x: SVGPath.number(Double(place % 24) + 0.04), y: SVGPath.number(Double(place / 24) + 0.05),
                shade: bin.map { DecimalText.text(shades.place($0.percent), digits: 3) },
                isBest: bin.map { bins.count > 1 && best.contains($0) } ?? false,
                text: bin.map(Self.words)
                    ?? "\(Timestamp.weekdays[place / 24]) \(Self.span(place % 24)) UTC: no run began then")
        }
    }

    private static func span(_ hour: Int) -> String {
        func text(_ hour: Int) -> String { "\(hour < 10 ? "0" : "")\(hour):00" }
        return "\(text(hour))\u{2060}–\u{2060}\(text((hour + 1) % 24))"  // where no line may break
    }

    private static func words(_ bin: Bin) -> String {
        "\(Timestamp.weekdays[bin.weekday]) \(span(bin.hour)) UTC: \(PageFigures.percent(bin.percent)) online, "
            + bin.runs.counted("run")
    }

    private static func advice(_ bins: [Bin], _ best: [Bin]) -> String {
        guard let first = best.first else { return "No run has an answer yet, so nothing is known." }
        guard bins.count > 1 else {
            return "All runs began on a \(Timestamp.weekdays[first.weekday]) at \(span(first.hour)) UTC, with "
                + "\(PageFigures.percent(first.percent)) online. Take the roll at several hours to see when to send."
        }
        let others = best.dropFirst().map {
            "\(Timestamp.weekdays[$0.weekday]) \(span($0.hour)) (\(PageFigures.percent($0.percent)))"
        }
        var words =
            "Most are online on \(Timestamp.weekdays[first.weekday]) from \(span(first.hour)) UTC: "
            + "\(PageFigures.percent(first.percent)), in \(first.runs.counted("run")); then \(PageFigures.list(others))."
        let byHour = Dictionary(grouping: bins, by: \.hour).mapValues { bins in
            Share.percent(bins.reduce(0) { $0 + $1.online }, of: bins.reduce(0) { $0 + $1.answered })
        }
        if byHour.count > 1, let hour = byHour.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) {
            words += " Over all days the best hour is \(span(hour.key)): \(PageFigures.percent(hour.value))."
        } else {
            words += " All runs began at \(span(first.hour)): take the roll at several hours to see when to send."
        }
        return words
    }

    private static func table(_ bins: [Bin]) -> PageTable {
        PageTable(
            caption: "Online share by weekday and hour", head: ["Began (UTC)", "runs", "online, %"],
            rows: bins.map { bin in
                PageTable.Row(
                    name: "\(Timestamp.weekdays[bin.weekday]) \(span(bin.hour))",
                    cells: [String(bin.runs), DecimalText.text(bin.percent, digits: 2)])
            })
    }
}
