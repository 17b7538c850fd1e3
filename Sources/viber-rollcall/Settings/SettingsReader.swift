/// Reads options: what was typed, else the environment variable `VIBER_ROLLCALL_<NAME>`, else the default.
///
/// Every value is read as text and parsed here, so that an invalid one is an error that names the option, and is never
/// silently replaced by the default.
struct SettingsReader {
    private let typed: TypedOptions
    private let environment: [String: String]

    /// An empty environment variable counts as not set.
    init(_ typed: TypedOptions, environment: [String: String]) {
        self.typed = typed
        self.environment = environment.filter { !$0.value.isEmpty }
    }

    /// The home directory, if the environment names one.
    var home: String? { environment["HOME"] }

    func text(_ key: OptionKey) -> String? {
        typed[key] ?? (key.hasVariable ? environment[key.variable] : nil) ?? key.defaultValue
    }

    /// The source from the environment. It is an argument, not an option.
    var source: String? { environment["VIBER_ROLLCALL_SOURCE"] }

    func flag(_ key: OptionKey) throws(UsageError) -> Bool {
        switch text(key)?.lowercased() {
        case nil, "false", "no", "0": false
        case "true", "yes", "1": true
        case .some(let value): throw error(key, value, "true or false")
        }
    }

    func integer(_ key: OptionKey, in range: ClosedRange<Int>) throws(UsageError) -> Int {
        try value(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A rate per second; 0 for no limit.
    func rate(_ key: OptionKey) throws(UsageError) -> Double {
        try value(key, "0, or a number from 0.001 to 10000") { text in
            Double(text).flatMap { $0 == 0 || (0.001...10_000).contains($0) ? $0 : nil }
        }
    }

    /// A percentage from 0 to 100, with or without `%`.
    func percent(_ key: OptionKey) throws(UsageError) -> Double {
        try value(key, "a number from 0 to 100") { text in
            Double(text.hasSuffix("%") ? String(text.dropLast()) : text).flatMap { (0...100).contains($0) ? $0 : nil }
        }
    }

    /// Nil for an option that was not given and has no default.
    func optionalDuration(_ key: OptionKey) throws(UsageError) -> Duration? {
        text(key) == nil ? nil : try duration(key)
    }

    func duration(_ key: OptionKey) throws(UsageError) -> Duration {
        try value(key, "a duration like 200ms, 30s, 5m, 1h or 2d") { text in
            Duration(parsing: text).flatMap { $0 > .zero ? $0 : nil }
        }
    }

    /// One of the raw values of `Choice`.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: OptionKey) throws(UsageError) -> Choice {
        try value(key, "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", ")) { Choice(rawValue: $0) }
    }

    /// One of the raw values of `Choice`; nil for an option that was not given and has no default.
    func optionalChoice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: OptionKey
    ) throws(UsageError) -> Choice? {
        text(key) == nil ? nil : try choice(key)
    }

    /// A comma-separated list.
    func list<Element>(
        _ key: OptionKey,
        expecting what: String,
        _ parse: (Substring) -> Element?
    ) throws(UsageError) -> [Element] {
        try value(key, what) { text in
            let elements = text.split(separator: ",", omittingEmptySubsequences: false).map(parse)
            return elements.contains { $0 == nil } ? nil : elements.compactMap(\.self)
        }
    }

    /// - Throws: `UsageError` if `parse` returns nil, or if the option has neither a value nor a default.
    private func value<Value>(
        _ key: OptionKey, _ expected: String, _ parse: (String) -> Value?
    ) throws(UsageError) -> Value {
        let text = text(key) ?? ""
        guard let value = parse(text) else { throw error(key, text, expected) }
        return value
    }

    /// An error that names the option, or the variable if the value came from there.
    func error(_ key: OptionKey, _ value: String, _ expected: String) -> UsageError {
        UsageError(description: "\(shown(key, value)) is not valid: give \(expected)")
    }

    /// The value with the option that it was given for, or with the variable if it came from there.
    func shown(_ key: OptionKey, _ value: String) -> String {
        typed[key] != nil ? "--\(key.name) '\(value)'" : "\(key.variable)='\(value)'"
    }
}
