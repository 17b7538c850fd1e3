import Configuration

/// Reads options by name: what was typed, else the environment variable `VIBER_ROLLCALL_<NAME>`, else nothing.
///
/// Every value is read as text and taken apart here, so that one that cannot be read is an error with its name and never
/// a silent default.
struct SettingsReader {
    private let config: ConfigReader
    private let typed: Set<String>
    /// The home directory, if the environment names one.
    let home: String?

    /// `arguments`: option names without dashes, and their values as typed.
    init(arguments: [String: String], environment: [String: String]) {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (name, value) in arguments {
            values[AbsoluteConfigKey([Self.scope, name])] = ConfigValue(.string(value), isSecret: false)
        }
        typed = Set(arguments.keys)
        home = environment["HOME"]
        config = ConfigReader(providers: [
            InMemoryProvider(name: "arguments", values: values),
            EnvironmentVariablesProvider(environmentVariables: environment.filter { !$0.value.isEmpty }),
        ]).scoped(to: ConfigKey([Self.scope]))
    }

    private static let scope = "viber-rollcall"

    func text(_ name: String) -> String? { config.string(forKey: ConfigKey([name])) }

    func flag(_ name: String) throws(UsageError) -> Bool {
        switch text(name)?.lowercased() {
        case nil, "false", "no", "0": false
        case "true", "yes", "1": true
        case .some(let value): throw error(name, value, "true or false")
        }
    }

    func integer(_ name: String, in range: ClosedRange<Int>, default standard: Int) throws(UsageError) -> Int {
        guard let value = text(name) else { return standard }
        guard let number = Int(value), range.contains(number) else {
            throw error(name, value, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Something a second; 0 is no limit.
    func rate(_ name: String, default standard: Double) throws(UsageError) -> Double {
        guard let value = text(name) else { return standard }
        guard let number = Double(value), number == 0 || (0.001...10_000).contains(number) else {
            throw error(name, value, "0, or a number from 0.001 to 10000")
        }
        return number
    }

    /// A share, with or without `%`.
    func percent(_ name: String, default standard: Double) throws(UsageError) -> Double {
        guard let value = text(name) else { return standard }
        guard let number = Double(value.hasSuffix("%") ? String(value.dropLast()) : value), (0...100).contains(number)
        else { throw error(name, value, "a number from 0 to 100") }
        return number
    }

    func duration(_ name: String) throws(UsageError) -> Duration? {
        guard let value = text(name) else { return nil }
        guard let duration = Durations.parse(value), duration > .zero else {
            throw error(name, value, "a duration like 200ms, 30s, 5m, 1h or 2d")
        }
        return duration
    }

    /// A comma-separated list.
    func list<Element>(
        _ name: String,
        default standard: [Element],
        expecting what: String,
        _ parse: (Substring) -> Element?
    ) throws(UsageError) -> [Element] {
        guard let value = text(name) else { return standard }
        var elements: [Element] = []
        for part in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let element = parse(part) else { throw error(name, value, what) }
            elements.append(element)
        }
        return elements
    }

    /// An error that names the option, or the variable if that is where the value came from.
    func error(_ name: String, _ value: String, _ expected: String) -> UsageError {
        UsageError(description: "\(shown(name, value)) cannot be read: it has to be \(expected)")
    }

    /// A value as it was given: the option, or the variable if it came from there.
    func shown(_ name: String, _ value: String) -> String {
        let variable = "VIBER_ROLLCALL_" + name.uppercased().replacing("-", with: "_")
        return typed.contains(name) ? "--\(name) '\(value)'" : "\(variable)='\(value)'"
    }
}
