internal import NIOCore

/// Cuts bytes into lines without their ends.
struct LineDecoder: NIOSingleStepByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    /// Bytes at the begin of the buffer that hold no line end.
    private var searched = 0

    mutating func decode(buffer: inout ByteBuffer) throws -> ByteBuffer? {
        let unsearched = buffer.readableBytesView.dropFirst(searched)
        guard let end = unsearched.firstIndex(of: UInt8(ascii: "\n")) else {
            searched = buffer.readableBytes
            guard searched <= LinkLimits.lineBytes else { throw tooLong }
            return nil
        }
        let length = end - buffer.readerIndex
        guard length <= LinkLimits.lineBytes else { throw tooLong }
        searched = 0
        defer { buffer.moveReaderIndex(forwardBy: 1) }
        return buffer.readSlice(length: length)
    }

    /// What stands after the last line end is no message: its sender went while writing it.
    mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> ByteBuffer? {
        try decode(buffer: &buffer)
    }

    private var tooLong: LinkError {
        LinkError(.badMessage, "a line of more than \(LinkLimits.lineBytes) bytes; the connection ends")
    }
}
