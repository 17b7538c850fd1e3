import Testing

@testable import Subscribers
