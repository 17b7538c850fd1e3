import Foundation
import FuzzKit

@testable import ViberAPI

/// The input is the value of `--base-url`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    BaseURLText(text: String(decoding: bytes(start, count), as: UTF8.self)).check()
    return 0
}

struct BaseURLText {
    var text: String

    func check() {
        guard let url = read() else { return }
        expect(read() == url, "reading twice gives different results")
        expect((try? BaseURL(url.description)) == url, "\(url) changes when it is read again")
        let scheme = url.isSecure ? "https" : "http"
        let forbidden = url.description.utf8.first { $0 <= 0x20 || $0 >= 0x7F || "@?#\\".utf8.contains($0) }
        expect(forbidden == nil, "\(url) holds \(forbidden as Any)")
        expect(url.description.hasPrefix("\(scheme)://\(url.host)"), "\(url) starts with another host")
        expect(!url.description.hasSuffix("/"), "\(url) ends with a slash")
        expect(
            !url.host.isEmpty && url.host.allSatisfy { !$0.isUppercase && $0 != "/" }, "\(url) has a bad host")
        checkRest(url.description.dropFirst("\(scheme)://\(url.host)".count), of: url)
        if !url.isSecure { expect(isLoopback(url.host), "\(url) sends the token over the network unencrypted") }
        checkRequest(url)
    }

    private func read() -> BaseURL? {
        do {
            return try BaseURL(text)
        } catch {
            let refused = [BaseURL.ParseError.plainHTTP(host: "localhost"), .plainHTTP(host: "[::1]")].contains(error)
            expect(!refused, "\(text) is loopback, but refused")
            return nil
        }
    }

    /// Checks the part after the host: an optional port and an optional path.
    private func checkRest(_ rest: Substring, of url: BaseURL) {
        let port = rest.prefix { $0 != "/" }
        if port.isEmpty { return }
        guard let number = Int(port.dropFirst()) else { broken("\(url) has no port") }
        expect((1...65_535).contains(number) && port == ":\(number)", "\(url) has a bad port")
    }

    /// Whether the C library, which resolves the host of a request, resolves it to loopback. It sends a number that it
    /// cannot read, such as `127.0.0.08`, to a name server.
    private func isLoopback(_ host: String) -> Bool {
        var address = in_addr()
        if inet_aton(host, &address) == 1 { return UInt32(bigEndian: address.s_addr) >> 24 == 127 }
        return host == "localhost" || host == "[::1]"
    }

    /// Checks that Foundation finds the same host, port and path in the URL of a request.
    private func checkRequest(_ url: BaseURL) {
        let request = URL(string: url.description + "/pa/get_online")
        guard let request else { broken("\(url) is not a URL for Foundation") }
        expect(request.scheme == (url.isSecure ? "https" : "http"), "\(url) is sent by \(request)")
        expect(request.host == url.host.trimmingCharacters(in: ["[", "]"]), "\(url) is sent to \(request)")
        expect(request.host == url.address, "\(url) is sent to \(url.address)")
        expect(request.port ?? (url.isSecure ? 443 : 80) == url.port, "\(url) is sent to port \(url.port)")
        expect(request.user == nil && request.password == nil, "\(url) has a user")
        expect(request.query == nil && request.fragment == nil, "\(url) has a query")
        let path = request.path(percentEncoded: true)
        expect(path == url.path + "/pa/get_online", "\(url) has path \(url.path), not \(path)")
    }
}
