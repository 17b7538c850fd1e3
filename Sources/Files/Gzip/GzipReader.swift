import CZlib
package import Formats

/// Decompresses gzip with one or more members. A truncated or damaged stream, or one with trailing bytes, is an error,
/// never a short read.
///
/// Zero bytes after the last member are padding, which `gzip -t` accepts too (tapes, block devices); anything else
/// there is an error.
@safe
package final class GzipReader: ByteInput {
    private var input: any ByteInput
    private let name: String
    private let allowsPadding: Bool
    private let stream: UnsafeMutablePointer<z_stream>
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var available = 0
    private var consumed = 0
    private var isBetweenMembers = true
    /// Whether zero bytes follow the last member.
    private var isPadding = false
    /// The number of members read completely so far.
    package private(set) var members = 0

    package static let magic: [UInt8] = [0x1f, 0x8b]

    /// Reads gzip data.
    ///
    /// - Parameters:
    ///   - input: the compressed bytes.
    ///   - name: the input's name in errors.
    ///   - allowsPadding: whether zero bytes may follow the last member.
    /// - Throws: `FileError` if zlib cannot allocate memory.
    package init(_ input: any ByteInput, name: String, allowsPadding: Bool = true) throws {
        self.input = input
        self.name = name
        self.allowsPadding = allowsPadding
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let gzipOnly = MAX_WBITS + 16
        let status = unsafe inflateInit2_(stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw FileError(.failed, "cannot decompress", path: name) }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    package func read(into target: inout [UInt8]) throws -> Int {
        while true {
            if consumed == available {
                available = try input.read(into: &buffer)
                consumed = 0
                if available == 0 {
                    guard isBetweenMembers, members > 0 else { throw GzipError.truncated(name) }
                    return 0
                }
            }
            if isBetweenMembers, members > 0 {
                guard try isAtMember() else { continue }
                guard unsafe inflateReset(stream) == Z_OK else { throw GzipError.damaged(name) }
            }
            let produced = try inflateOnce(into: &target)
            if produced > 0 { return produced }
        }
    }

    /// Whether a member starts here; false after padding was skipped and the buffer is used up.
    private func isAtMember() throws -> Bool {
        if allowsPadding, isPadding || buffer[consumed] == 0 {
            isPadding = true
            guard buffer[consumed..<available].allSatisfy({ $0 == 0 }) else { throw GzipError.trailing(name) }
            consumed = available
            return false
        }
        guard buffer[consumed] == Self.magic[0] else { throw GzipError.trailing(name) }
        return true
    }

    private func inflateOnce(into target: inout [UInt8]) throws -> Int {
        let size = target.count
        let status = unsafe buffer.withUnsafeMutableBufferPointer { source in
            unsafe target.withUnsafeMutableBufferPointer { out in
                unsafe stream.pointee.next_in = source.baseAddress.map { unsafe $0 + consumed }
                unsafe stream.pointee.avail_in = UInt32(available - consumed)
                unsafe stream.pointee.next_out = out.baseAddress
                unsafe stream.pointee.avail_out = UInt32(size)
                return unsafe inflate(stream, Z_NO_FLUSH)
            }
        }
        consumed = unsafe available - Int(stream.pointee.avail_in)
        isBetweenMembers = status == Z_STREAM_END
        switch status {
        case Z_STREAM_END: members += 1
        case Z_OK, Z_BUF_ERROR: break
        default: throw GzipError.damaged(name)
        }
        return unsafe size - Int(stream.pointee.avail_out)
    }
}

/// Gzip data that is truncated, damaged, or followed by other bytes.
package enum GzipError: Error, Sendable, Equatable, CustomStringConvertible {
    case truncated(String)
    case damaged(String)
    /// Bytes after the last member that are not gzip.
    case trailing(String)

    package var description: String {
        switch self {
        case .truncated(let name): "the gzip data of \(name) ends too early: the file was cut"
        case .damaged(let name): "the gzip data of \(name) is damaged"
        case .trailing(let name):
            "\(name) has bytes after its gzip data that are not gzip, such as text appended to a compressed file; "
                + "decompress it with gzip -dc, check its end, and compress the list again"
        }
    }
}
