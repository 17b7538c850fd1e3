import Testing

@testable import ViberAPI
