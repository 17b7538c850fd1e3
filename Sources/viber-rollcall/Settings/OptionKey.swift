import ArgumentParser

/// One option: its names, its help and its default. The parser, the help, the settings and the tests of the
/// documentation all read it from here.
struct OptionKey: Sendable, Hashable {
    /// The long name, without dashes.
    let name: String
    /// The short name; nil for none.
    let short: Character?
    /// The name of its value in the help; nil for a flag.
    let valueName: String?
    /// The default as a user would type it; nil for none.
    let defaultValue: String?
    /// Whether the environment variable `VIBER_ROLLCALL_<NAME>` sets it, too.
    let hasVariable: Bool
    private let abstract: String
    private let discussion: String

    /// - Parameters:
    ///   - name: the long name, without dashes.
    ///   - short: the short name; nil for none.
    ///   - value: the name of its value in the help; nil for a flag.
    ///   - defaultValue: the default as a user would type it; nil for none.
    ///   - hasVariable: whether an environment variable sets it, too.
    ///   - abstract: one or two sentences; `help` appends the default.
    ///   - discussion: details for the long help.
    init(
        _ name: String,
        short: Character? = nil,
        takes value: String? = nil,
        default defaultValue: String? = nil,
        hasVariable: Bool = true,
        _ abstract: String,
        discussion: String = ""
    ) {
        self.name = name
        self.short = short
        valueName = value
        self.defaultValue = defaultValue
        self.hasVariable = hasVariable
        self.abstract = abstract
        self.discussion = discussion
    }

    /// The name of the environment variable that sets it, if `hasVariable`.
    var variable: String { "VIBER_ROLLCALL_" + name.uppercased().replacing("-", with: "_") }

    var help: ArgumentHelp {
        let text = defaultValue.map { abstract + " Default: \($0)." } ?? abstract
        return ArgumentHelp("\(text)", discussion: discussion, valueName: valueName)
    }

    var names: NameSpecification {
        guard let short else { return .customLong(name) }
        return [.customShort(short), .customLong(name)]
    }
}

extension Option where Value == String? {
    /// An option whose value is read as text, so that the environment can set it as well. The parser is not given the
    /// default, which would win over the environment.
    init(_ key: OptionKey, parsing strategy: SingleValueParsingStrategy = .next) {
        self.init(name: key.names, parsing: strategy, help: key.help)
    }
}

extension Option where Value == [String] {
    /// An option that may be given several times.
    init(wrappedValue: [String], _ key: OptionKey) {
        self.init(wrappedValue: wrappedValue, name: key.names, help: key.help)
    }
}

extension Flag where Value == Bool {
    init(wrappedValue: Bool, _ key: OptionKey) {
        self.init(wrappedValue: wrappedValue, name: key.names, help: key.help)
    }
}
