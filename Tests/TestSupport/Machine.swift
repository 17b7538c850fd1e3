import Foundation

/// The machine that runs the tests.
package enum Machine {
    /// Whether this is a CI run, in which no test may be skipped.
    package static var isCI: Bool { ProcessInfo.processInfo.environment["CI"] == "true" }

    /// Whether a program is on the PATH.
    package static func has(_ program: String) -> Bool {
        (Tool.own("PATH") ?? "").split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: $0 + "/" + program) }
    }

    /// The root of the checkout.
    package static let root: String = {
        var path = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { path.deleteLastPathComponent() }
        return path.path
    }()
}

extension Tool {
    /// A variable of this process's environment; nil if it is empty.
    static func own(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
