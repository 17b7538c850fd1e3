import ArgumentParser

/// One option: how it is named, what is said of it, and what counts without it. The parser, the help, the settings and the
/// tests of the README read it here and nowhere else.
struct OptionKey: Sendable, Hashable {
    /// Without dashes.
    let name: String
    /// A letter that stands for it; nil for none.
    let short: Character?
    /// What its value is called; nil for a flag.
    let valueName: String?
    /// As somebody would type it; nil if there is none.
    let defaultValue: String?
    /// Whether `VIBER_ROLLCALL_<NAME>` in the environment sets it, too.
    let hasVariable: Bool
    private let abstract: String
    private let discussion: String

    /// - Parameters:
    ///   - name: without dashes.
    ///   - short: a letter that stands for it.
    ///   - value: what its value is called; nil for a flag.
    ///   - standard: the default, as somebody would type it.
    ///   - hasVariable: whether the environment sets it, too.
    ///   - abstract: a sentence or two, without the default.
    ///   - discussion: more of it, for the long help.
    init(
        _ name: String,
        short: Character? = nil,
        takes value: String? = nil,
        default standard: String? = nil,
        hasVariable: Bool = true,
        _ abstract: String,
        discussion: String = ""
    ) {
        self.name = name
        self.short = short
        valueName = value
        defaultValue = standard
        self.hasVariable = hasVariable
        self.abstract = abstract
        self.discussion = discussion
    }

    /// The environment variable that sets it, if `hasVariable`.
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
    /// An option whose value is read as text, so that the environment can give it as well. Its default is no default of the
    /// parser, which would win over the environment.
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
