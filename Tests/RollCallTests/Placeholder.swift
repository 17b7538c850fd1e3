import Testing

@testable import RollCall
