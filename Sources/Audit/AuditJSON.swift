import Formats
import Model

extension Audit {
    package static let schema = "viber-rollcall/audit/1"

    /// All figures as one JSON object on one line.
    package func json(gates: [GateResult]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("schema", Self.schema)
        json.key("run")
        Self.write(run, to: &json)
        json.key("against")
        if let against { Self.write(against, to: &json) } else { json.null() }
        writeCounts(to: &json)
        json.key("transitions")
        if let transitions { write(transitions, to: &json) } else { json.null() }
        json.key("recency")
        json.object(Recency.Span.allCases.map { ($0.name, recency[$0]) })
        json.key("coverage")
        writeCoverage(to: &json)
        json.key("gates")
        json.beginArray()
        for result in gates {
            json.beginObject()
            json.member("gate", result.gate.text)
            json.member("tripped", result.isTripped)
            json.member("sentence", result.sentence)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    private static func write(_ run: RunSummary, to json: inout JSONWriter) {
        json.beginObject()
        for (name, text) in [
            ("id", run.run.id.description), ("started_at", run.run.startedAt.seconds), ("source", run.source.name),
            ("account_id", run.account?.id),
        ] {
            json.key(name)
            if let text { json.string(text) } else { json.null() }
        }
        json.member("complete", run.run.complete)
        json.member("unique", run.source.unique)
        json.endObject()
    }

    private func writeCounts(to json: inout JSONWriter) {
        json.key("counts")
        json.beginObject()
        for figure in figures {
            json.key(figure.name)
            json.beginObject()
            json.member("ids", figure.ids)
            json.key("percent")
            json.decimal(figure.percent, digits: 2)
            json.key("change")
            if let change = figure.change { json.integer(change) } else { json.null() }
            json.key("points")
            if let points = figure.points { json.decimal(points, digits: 2) } else { json.null() }
            json.endObject()
        }
        json.endObject()
        let bounds = run.bounds(of: .unavailable)
        json.key("unavailable_range")
        json.object([("at_least", bounds.least), ("at_most", bounds.most)])
    }

    private func write(_ transitions: Transitions, to json: inout JSONWriter) {
        json.beginObject()
        json.member("became_unavailable", transitions.becameUnavailable)
        json.member("recovered", transitions.recovered)
        json.key("new")
        json.object(transitions.new.byName)
        json.key("gone")
        json.object(transitions.gone.byName)
        json.key("matrix")
        json.beginObject()
        for from in OutcomeKind.allCases {
            json.key(from.name)
            json.object(OutcomeKind.allCases.map { ($0.name, transitions[from, $0]) })
        }
        json.endObject()
        json.endObject()
    }

    private func writeCoverage(to json: inout JSONWriter) {
        guard let coverage else { return json.null() }
        json.beginObject()
        json.member("subscribers_count", coverage.subscribers)
        json.key("listed_percent")
        json.decimal(coverage.listedPercent, digits: 2)
        json.key("reachable_percent")
        json.decimal(coverage.reachablePercent, digits: 2)
        json.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func object(_ numbers: [(name: String, value: Int)]) {
        beginObject()
        for (name, value) in numbers {
            key(name)
            integer(value)
        }
        endObject()
    }

    fileprivate mutating func decimal(_ value: Double, digits: Int) {
        raw(Array(DecimalText.text(value, digits: digits).utf8))
    }
}
