package import Testing

extension Trait where Self == ConditionTrait {
    /// Skips, by name, where a program is not installed; in CI the test runs and fails.
    package static func needs(_ program: String) -> Self {
        .enabled(if: Machine.has(program) || Machine.isCI, "\(program) is not installed")
    }
}
