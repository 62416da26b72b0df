/// Finds the end of a chunked body and the data inside, over any division into buffers (RFC 9112, section 7.1).
struct ChunkScanner {
    /// Bytes of a size line with its extensions, and of all trailers.
    static let lineLimit = 4096

    private enum State {
        /// Digits of the size. Ends with the first other byte.
        case size
        /// An extension, which means nothing to us. Ends with CR.
        case sizeExtension
        case sizeLineFeed
        case data
        case dataCarriageReturn
        case dataLineFeed
        /// The first byte of a trailer line, or the CR of the empty line that ends the body.
        case trailerStart
        case trailer
        case trailerLineFeed
        case lastLineFeed
        case done
    }

    private var state = State.size
    private var remaining = 0
    private var digits = 0
    private var lineBytes = 0

    /// The last byte of the body was seen.
    var isDone: Bool { state == .done }

    /// Reads bytes and hands the data inside to `payload`. Returns how many bytes belong to the body; nil when they are no
    /// chunked body.
    mutating func consume(
        _ bytes: UnsafeRawBufferPointer, payload: (UnsafeRawBufferPointer) -> Void
    ) -> Int? {
        var offset = 0
        while offset < bytes.count, state != .done {
            if state == .data {
                let count = min(remaining, bytes.count - offset)
                payload(bytes.part(offset..<offset + count))
                remaining -= count
                offset += count
                if remaining == 0 { state = .dataCarriageReturn }
            } else {
                guard step(bytes[offset]) else { return nil }
                offset += 1
            }
        }
        return offset
    }

    private mutating func step(_ byte: UInt8) -> Bool {
        lineBytes += 1
        guard lineBytes <= ChunkScanner.lineLimit else { return false }
        switch state {
        case .size: return readSize(byte)
        case .sizeExtension:
            if byte == Byte.carriageReturn { state = .sizeLineFeed }
            return byte != Byte.lineFeed
        case .sizeLineFeed:
            state = remaining == 0 ? .trailerStart : .data
            lineBytes = 0
            digits = 0
            return byte == Byte.lineFeed
        case .dataCarriageReturn: return expect(byte, Byte.carriageReturn, then: .dataLineFeed)
        case .dataLineFeed:
            lineBytes = 0
            return expect(byte, Byte.lineFeed, then: .size)
        case .trailerStart:
            state = byte == Byte.carriageReturn ? .lastLineFeed : .trailer
            return byte != Byte.lineFeed
        case .trailer:
            if byte == Byte.carriageReturn { state = .trailerLineFeed }
            return byte != Byte.lineFeed
        case .trailerLineFeed: return expect(byte, Byte.lineFeed, then: .trailerStart)
        case .lastLineFeed: return expect(byte, Byte.lineFeed, then: .done)
        case .data, .done: preconditionFailure("no framing in \(state)")
        }
    }

    private mutating func readSize(_ byte: UInt8) -> Bool {
        if let digit = Byte.hexadecimal(byte) {
            digits += 1
            remaining = remaining << 4 | digit
            // 15 digits are 2^60 bytes: more would overflow, and nobody sends that.
            return digits <= 15
        }
        guard digits > 0 else { return false }
        if byte == Byte.carriageReturn {
            state = .sizeLineFeed
            return true
        }
        state = .sizeExtension
        return byte == UInt8(ascii: ";") || Byte.isBlank(byte)
    }

    private mutating func expect(_ byte: UInt8, _ expected: UInt8, then next: State) -> Bool {
        state = next
        return byte == expected
    }
}
