internal import NIOCore

/// A request that is being received.
struct IncomingRequest {
    /// The bytes of the head.
    var bytes = ByteBuffer()
    var lines = HeadLines()
    var head: RequestHead?
    var body = ByteBuffer()
    var chunks = ChunkScanner()
    var requestID: String?
    var tenant: String?
    /// Bytes of the head in which no end was found.
    var searchedBytes = 0
    /// The client began to send it.
    var hasBegun = false

    /// A part of the head as text.
    func text(_ range: Range<Int>) -> String {
        bytes.withUnsafeReadableBytes { $0.part(range).text }
    }

    /// The value of a header by its name in lower case; nil when it is not there.
    func value(of name: String) -> String? {
        bytes.withUnsafeReadableBytes { bytes in
            lines.fields.first { bytes.part($0.name).text.lowercased() == name }.map { bytes.part($0.value).text }
        }
    }
}
