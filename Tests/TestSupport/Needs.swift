package import Testing

extension Trait where Self == ConditionTrait {
    /// Skips the test, with the name of the program, if the program is not installed; in CI the test runs and fails.
    package static func needs(_ program: String) -> Self {
        .enabled(if: Machine.has(program) || Machine.isCI, "\(program) is not installed")
    }
}
