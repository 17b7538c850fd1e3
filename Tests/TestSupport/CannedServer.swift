import Foundation
import Glibc
import Synchronization

/// A server on loopback that runs a script on each connection, in a separate thread.
package final class CannedServer: Sendable {
    package let port: Int
    private let listener: Int32
    private let accepted = Atomic(0)

    package struct Failed: Error {}

    /// Number of connections accepted so far.
    package var connections: Int { accepted.load(ordering: .sequentiallyConsistent) }

    /// - Parameter script: runs on each connection; the connection is closed after it.
    /// - Throws: `Failed` if the server cannot listen.
    package init(_ script: @escaping @Sendable (CannedConnection) -> Void) throws {
        (listener, port) = try Self.listen(on: "127.0.0.1", port: 0, backlog: 128)
        Thread.detachNewThread { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { break }
                let number = accepted.add(1, ordering: .sequentiallyConsistent).newValue
                Thread.detachNewThread {
                    let connection = CannedConnection(number: number, descriptor: descriptor)
                    script(connection)
                    close(descriptor)
                }
            }
            close(listener)
        }
    }

    /// - Parameter answer: the text that is sent after each complete request; may be empty.
    /// - Throws: `Failed` if the server cannot listen.
    package convenience init(_ answer: String) throws { try self.init(Array(answer.utf8)) }

    package convenience init(_ answer: [UInt8]) throws {
        try self.init { connection in
            connection.readRequest()
            connection.send(answer)
        }
    }

    /// Stops the accepting thread, which then closes the listener.
    package func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// Opens a listening socket.
    ///
    /// - Parameters:
    ///   - address: an IPv4 address of this machine.
    ///   - port: the port; 0 for any free one.
    ///   - backlog: the number of connections that may wait to be accepted, minus one.
    /// - Returns: the socket and its port.
    /// - Throws: `Failed`.
    package static func listen(on address: String, port: Int, backlog: Int32) throws -> (descriptor: Int32, port: Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let port: Int? = withName(of: address, port: port) { name, length in
            var length = length
            guard bind(listener, name, length) == 0, Glibc.listen(listener, backlog) == 0,
                getsockname(listener, name, &length) == 0
            else { return nil }
            return name.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                Int(UInt16(bigEndian: $0.pointee.sin_port))
            }
        }
        guard listener >= 0, let port else { throw Failed() }
        return (listener, port)
    }

    /// Opens a listening socket whose backlog is full: on Linux a further connection attempt waits forever.
    ///
    /// - Parameters:
    ///   - address: an IPv4 address of this machine.
    ///   - port: the port; 0 for any free one.
    /// - Returns: the sockets to close after use, and the port.
    /// - Throws: `Failed`.
    package static func fullListener(
        on address: String = "127.0.0.1", port: Int = 0
    ) throws -> (descriptors: [Int32], port: Int) {
        let (listener, port) = try listen(on: address, port: port, backlog: 0)
        let fillers = (0..<3).map { _ in
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            _ = withName(of: address, port: port) { name, length in connect(descriptor, name, length) }
            return descriptor
        }
        return ([listener] + fillers, port)
    }

    private static func withName<Result>(
        of address: String, port: Int, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = UInt16(port).bigEndian
        inet_pton(AF_INET, address, &name.sin_addr)
        return withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// The server's end of one connection.
package struct CannedConnection: Sendable {
    /// Its number among the connections of the server, from 1.
    package let number: Int
    fileprivate let descriptor: Int32

    /// Reads to the end of a request, so that closing the connection does not reset it.
    ///
    /// - Returns: false if the client closes first.
    @discardableResult package func readRequest() -> Bool {
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return false }
            request += buffer[..<count]
            let text = String(decoding: request, as: UTF8.self).lowercased()
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let head = text[..<end.lowerBound]
            let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) }
            if text[end.upperBound...].utf8.count >= length ?? 0 { return true }
        }
    }

    /// Sends all bytes.
    ///
    /// - Parameter bytes: the bytes to send.
    /// - Returns: false if the client has closed the connection.
    @discardableResult package func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Sends each byte in a separate packet.
    ///
    /// - Parameters:
    ///   - text: the text to send.
    ///   - pause: the time before each byte.
    /// - Returns: false if the client has closed the connection.
    @discardableResult package func drip(_ text: String, pause: Duration) -> Bool {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return text.utf8.allSatisfy { byte in
            usleep(UInt32(pause / .microseconds(1)))  // the test needs a slow sender
            return send([byte])
        }
    }

    /// Waits until the client closes.
    package func waitForEnd() { while readRequest() {} }

    /// Makes the connection end with a reset when it is closed.
    package func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }
}
