extension UnsafeRawBufferPointer {
    /// Where `pattern`, not empty, begins for the first time at or after `start`; nil when it does not.
    func firstIndex(of pattern: StaticString, from start: Int = 0) -> Int? {
        let length = pattern.utf8CodeUnitCount
        let bytes = pattern.utf8Start
        guard count - start >= length else { return nil }
        let first = bytes[0]
        for index in start...(count - length) where self[index] == first && matches(bytes, length, at: index) {
            return index
        }
        return nil
    }

    func hasPrefix(_ pattern: StaticString) -> Bool {
        let length = pattern.utf8CodeUnitCount
        return count >= length && matches(pattern.utf8Start, length, at: 0)
    }

    private func matches(_ bytes: UnsafePointer<UInt8>, _ length: Int, at index: Int) -> Bool {
        for offset in 0..<length where self[index + offset] != bytes[offset] { return false }
        return true
    }

    /// The first index at or after `start` that holds no space, tab or colon.
    func indexAfterSeparators(from start: Int) -> Int {
        var index = start
        while index < count, self[index] == UInt8(ascii: " ") || self[index] == 9 || self[index] == UInt8(ascii: ":") {
            index += 1
        }
        return index
    }

    /// The whole number that is the value of a member with that quoted name; nil when there is none.
    func number(of quotedName: StaticString) -> Int? {
        guard let found = firstIndex(of: quotedName) else { return nil }
        let start = indexAfterSeparators(from: found + quotedName.utf8CodeUnitCount)
        var index = start
        var value = 0
        // Ten digits: more are no count of tokens.
        while index < count, index - start < 10, case let digit = self[index] &- UInt8(ascii: "0"), digit < 10 {
            value = value * 10 + Int(digit)
            index += 1
        }
        return index > start ? value : nil
    }

    /// Whether a member with that quoted name is a string of at least one character.
    func hasText(in quotedName: StaticString) -> Bool {
        var start = 0
        while let found = firstIndex(of: quotedName, from: start) {
            start = found + quotedName.utf8CodeUnitCount
            let value = indexAfterSeparators(from: start)
            if value + 1 < count, self[value] == UInt8(ascii: "\""), self[value + 1] != UInt8(ascii: "\"") {
                return true
            }
        }
        return false
    }
}
