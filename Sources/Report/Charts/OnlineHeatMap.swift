import Formats
import Model

/// The online share by weekday and hour of the day, in UTC, which shows when to send.
struct OnlineHeatMap: Sendable {
    /// One hour of one weekday.
    struct Cell: Sendable {
        var x: String
        var y: String
        /// From 0, the lowest share of the map, to 1, the highest; nil if no run started in this hour.
        var shade: String?
        /// Whether it is one of the three best hours.
        var isBest: Bool
        var text: String
    }

    /// The shares at the ends of the shading, in percent, as numbers and as display text.
    let low: String
    let high: String
    let lowest: String
    let highest: String
    private(set) var cells: [Cell] = []
    let hours: [Tick]
    /// The first three letters of each weekday.
    let weekdays = Timestamp.weekdays.map { String($0.prefix(3)) }
    /// A sentence about when to send.
    let advice: String
    let label: String
    let table: PageTable

    /// The runs that started in one hour of one weekday. Ids without an answer are not counted.
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

    /// The bins with at least one answered id, from the first hour of Monday on.
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
        (lowest, highest) = (NumberFormat.percent(range.0), NumberFormat.percent(range.1))
        let shades = Scale(low: range.0, high: range.1, length: 1)
        cells = (0..<168).map { index in
            let bin = bins.first { $0.weekday * 24 + $0.hour == index }
            return Cell(
                x: SVGPath.number(Double(index % 24) + 0.04), y: SVGPath.number(Double(index / 24) + 0.05),
                shade: bin.map { DecimalText.text(shades.position($0.percent), digits: 3) },
                isBest: bin.map { bins.count > 1 && best.contains($0) } ?? false,
                text: bin.map(Self.words)
                    ?? "\(Timestamp.weekdays[index / 24]) \(Self.span(index % 24)) UTC: no run started then")
        }
    }

    private static func span(_ hour: Int) -> String {
        func text(_ hour: Int) -> String { "\(hour < 10 ? "0" : "")\(hour):00" }
        return "\(text(hour))\u{2060}–\u{2060}\(text((hour + 1) % 24))"  // no line break around the dash
    }

    private static func words(_ bin: Bin) -> String {
        "\(Timestamp.weekdays[bin.weekday]) \(span(bin.hour)) UTC: \(NumberFormat.percent(bin.percent)) online, "
            + bin.runs.counted("run")
    }

    private static func advice(_ bins: [Bin], _ best: [Bin]) -> String {
        guard let first = best.first else { return "No run has an answer yet." }
        guard bins.count > 1 else {
            return "All runs started on a \(Timestamp.weekdays[first.weekday]) at \(span(first.hour)) UTC, with "
                + "\(NumberFormat.percent(first.percent)) online. Run at several hours to see when to send."
        }
        let others = best.dropFirst().map {
            "\(Timestamp.weekdays[$0.weekday]) \(span($0.hour)) (\(NumberFormat.percent($0.percent)))"
        }
        var words =
            "Most are online on \(Timestamp.weekdays[first.weekday]) from \(span(first.hour)) UTC: "
            + "\(NumberFormat.percent(first.percent)), in \(first.runs.counted("run")); then \(NumberFormat.list(others))."
        let byHour = Dictionary(grouping: bins, by: \.hour).mapValues { bins in
            Share.percent(bins.reduce(0) { $0 + $1.online }, of: bins.reduce(0) { $0 + $1.answered })
        }
        if byHour.count > 1, let hour = byHour.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) {
            words += " Over all days the best hour is \(span(hour.key)): \(NumberFormat.percent(hour.value))."
        } else {
            words += " All runs started at \(span(first.hour)): run at several hours to see when to send."
        }
        return words
    }

    private static func table(_ bins: [Bin]) -> PageTable {
        PageTable(
            caption: "Online share by weekday and hour", head: ["Started (UTC)", "runs", "online, %"],
            rows: bins.map { bin in
                PageTable.Row(
                    name: "\(Timestamp.weekdays[bin.weekday]) \(span(bin.hour))",
                    cells: [String(bin.runs), DecimalText.text(bin.percent, digits: 2)])
            })
    }
}
