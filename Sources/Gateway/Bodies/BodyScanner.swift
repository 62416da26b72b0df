/// Finds the few members of a JSON body that decide about its way, over any division into buffers: `model`, and the limit of
/// output tokens. Only members of the outermost object count; everything else is stepped over, not decoded.
///
/// Of members with the same name the last one counts, as with the engines behind. A body that is no JSON object yields
/// nothing: whether it is valid is the engine's business.
struct BodyScanner {
    /// A longer model name is none.
    static let modelByteLimit = 256

    private enum Member { case model, outputTokens, other }

    private enum State {
        /// Between tokens. Ends with a quote or a digit of interest.
        case structure
        /// In a string that means nothing to us. Ends with its quote.
        case skipped
        /// In the name of a member of the outermost object.
        case key
        /// In the value of `model`.
        case model
        /// In the value of an output limit.
        case number
        /// The outermost value was no object, or is over.
        case done
    }

    private var state = State.structure
    private var depth = 0
    private var isEscaped = false
    /// In the outermost object: the next string is a name.
    private var expectsKey = false
    private var member = Member.other
    private var text: [UInt8] = []
    private var number = 0
    private var modelBytes: [UInt8]?
    private var outputLimit: Int?

    /// The value of `model`, its escapes resolved.
    var model: String? { modelBytes.flatMap { unescaped($0) } }

    /// `max_tokens` or `max_completion_tokens`: the larger one that is there; nil when neither is.
    var outputTokens: Int? { outputLimit }

    /// Reads the next bytes of the body.
    mutating func consume(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while offset < bytes.count {
            switch state {
            case .skipped: offset = skipString(bytes, from: offset)
            case .done: return
            case .structure, .key, .model, .number:
                step(bytes[offset])
                offset += 1
            }
        }
    }

    private mutating func step(_ byte: UInt8) {
        switch state {
        case .structure: readStructure(byte)
        case .key, .model: readText(byte)
        case .number:
            if Byte.isDigit(byte), number < 1 << 40 {
                number = number * 10 + Int(byte - 48)
            } else {
                outputLimit = max(outputLimit ?? 0, number)
                member = .other
                state = .structure
                readStructure(byte)
            }
        case .skipped, .done: preconditionFailure("no step in \(state)")
        }
    }

    private mutating func readStructure(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): beginString()
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if depth == 0, byte == UInt8(ascii: "[") { state = .done }
            depth += 1
            expectsKey = depth == 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            if depth <= 0 { state = .done }
        case UInt8(ascii: ","):
            if depth == 1 {
                expectsKey = true
                member = .other
            }
        default:
            if depth == 0, byte > 32 { state = .done }
            if depth == 1, member == .outputTokens, !expectsKey, Byte.isDigit(byte) {
                number = Int(byte - 48)
                state = .number
            } else if byte > 32, byte != Byte.colon {
                // Another value than was expected: "null", "-1".
                member = .other
            }
        }
    }

    private mutating func beginString() {
        isEscaped = false
        if depth == 0 {
            state = .done
        } else if depth == 1, expectsKey {
            text.removeAll(keepingCapacity: true)
            state = .key
        } else if depth == 1, member == .model {
            text.removeAll(keepingCapacity: true)
            state = .model
        } else {
            state = .skipped
        }
    }

    private mutating func readText(_ byte: UInt8) {
        if byte == UInt8(ascii: "\""), !isEscaped {
            endText()
        } else {
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            // One more than the limit, to know that it was passed.
            if text.count <= BodyScanner.modelByteLimit { text.append(byte) }
        }
    }

    private mutating func endText() {
        if state == .model {
            modelBytes = text.count <= BodyScanner.modelByteLimit ? text : nil
        } else {
            expectsKey = false
            member = member(named: text)
        }
        state = .structure
    }

    private func member(named name: [UInt8]) -> Member {
        name.withUnsafeBytes { bytes in
            if bytes.elementsEqual("model".utf8) { return .model }
            if bytes.elementsEqual("max_tokens".utf8) { return .outputTokens }
            return bytes.elementsEqual("max_completion_tokens".utf8) ? .outputTokens : .other
        }
    }

    /// Goes to the end of a string, 16 bytes at a time where there is neither a quote nor a backslash.
    private mutating func skipString(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var offset = start
        let quote = SIMD16<UInt8>(repeating: UInt8(ascii: "\""))
        let backslash = SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))
        while offset < bytes.count {
            if !isEscaped, offset + 16 <= bytes.count {
                let block = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
                if !any((block .== quote) .| (block .== backslash)) {
                    offset += 16
                    continue
                }
            }
            let byte = bytes[offset]
            offset += 1
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                state = .structure
                return offset
            }
        }
        return offset
    }

    private func unescaped(_ bytes: [UInt8]) -> String? {
        guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
        var result: [UInt8] = []
        var offset = 0
        while offset < bytes.count {
            if bytes[offset] != UInt8(ascii: "\\") {
                result.append(bytes[offset])
                offset += 1
                continue
            }
            guard offset + 1 < bytes.count else { return nil }
            let (text, length) = escape(bytes[(offset + 1)...])
            guard let text else { return nil }
            result.append(contentsOf: text.utf8)
            offset += 1 + length
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// What an escape stands for, and how many bytes it has behind the backslash. Halves of surrogate pairs stand for nothing.
    private func escape(_ bytes: ArraySlice<UInt8>) -> (text: String?, length: Int) {
        let letter = bytes[bytes.startIndex]
        guard letter == UInt8(ascii: "u") else {
            let letters: [UInt8: String] = [
                UInt8(ascii: "n"): "\n", UInt8(ascii: "t"): "\t", UInt8(ascii: "r"): "\r", UInt8(ascii: "b"): "\u{8}",
                UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "/"): "/", UInt8(ascii: "\\"): "\\",
                UInt8(ascii: "\""): "\"",
            ]
            return (letters[letter], 1)
        }
        let digits = bytes.dropFirst().prefix(4).compactMap { Byte.hexadecimal($0) }
        guard digits.count == 4, let scalar = Unicode.Scalar(UInt32(digits.reduce(0) { $0 << 4 | $1 })) else {
            return (nil, 0)
        }
        return (String(Character(scalar)), 5)
    }
}
