internal import CZlib
internal import Glibc
internal import Traces

/// Reads a file block by block, unpacking it when it begins with gzip's magic bytes; several gzip members are read as
/// one. `-` is the standard input.
struct GzipInput: ~Copyable {
    /// Bytes read at once.
    static let blockBytes = 256 * 1024

    private let path: String
    private let handle: gzFile
    private let block = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: blockBytes)

    init(path: String) throws(TraceError) {
        self.path = path
        guard let handle = path == "-" ? gzdopen(dup(0), "rb") : gzopen(path, "rb") else {
            throw TraceError(
                .file, file: path, problem: "cannot be opened: \(String(cString: strerror(errno)))",
                remedy: "Check the path.")
        }
        self.handle = handle
        gzbuffer(handle, UInt32(Self.blockBytes))
    }

    deinit {
        gzclose_r(handle)
        block.deallocate()
    }

    /// The next bytes, valid until the next call; nil at the end. Throws on a read error, and when compressed data is
    /// damaged or ends early.
    func next() throws(TraceError) -> UnsafeBufferPointer<UInt8>? {
        let count = gzread(handle, block.baseAddress, UInt32(block.count))
        if count > 0 { return UnsafeBufferPointer(rebasing: block[..<Int(count)]) }
        var code: Int32 = 0
        let message = gzerror(handle, &code).map { String(cString: $0) } ?? ""
        switch code {
        case Z_OK where count == 0, Z_STREAM_END where count == 0: return nil
        case Z_BUF_ERROR:
            throw TraceError(
                .compression, file: path, problem: "the compressed data ends too early",
                remedy: "The file is incomplete: copy or download it again.")
        case Z_DATA_ERROR:
            throw TraceError(
                .compression, file: path, problem: "the compressed data is damaged (\(message))",
                remedy: "Check it with gzip -t, and copy or download it again.")
        default:
            throw TraceError(
                .file, file: path, problem: "cannot be read: \(message)", remedy: "Is it a file, and may you read it?")
        }
    }
}
