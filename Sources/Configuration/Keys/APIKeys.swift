internal import Foundation

/// Keys that users send with requests, and whose they are.
package struct APIKeys: Hashable, Sendable {
    /// The tenant of each key.
    package var tenants: [String: String]
    /// Whether every user of the machine can read the file they came from.
    package var isReadableByOthers = false

    /// Keys at most.
    package static let countMax = 100_000
    /// Bytes of a file at most.
    static let byteLimit = 16 << 20
    private static let keyLengthMax = 512

    package init(tenants: [String: String]) { self.tenants = tenants }

    /// The keys of a file with a line `KEY TENANT` for each; empty lines and those that begin with `#` are left out.
    ///
    /// - Throws: `APIKeysError` naming the line. It never shows a key.
    package static func read(file: String) throws(APIKeysError) -> APIKeys {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(file, limit: byteLimit)
        } catch {
            throw APIKeysError(
                .unreadable, "\(file) cannot be read: \(error.reason)", "name a file with lines KEY TENANT")
        }
        guard bytes.count <= byteLimit, let text = String(validating: bytes, as: UTF8.self) else {
            throw APIKeysError(
                .malformed, "\(file) is not a text of at most \(ByteSize.text(byteLimit))", "write lines KEY TENANT")
        }
        var keys = try read(lines: text, source: file)
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        let permissions = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
        keys.isReadableByOthers = permissions & 0o004 != 0
        return keys
    }

    /// The keys of a text such as a file holds.
    static func read(lines text: String, source: String) throws(APIKeysError) -> APIKeys {
        var keys = APIKeys(tenants: [:])
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.isEmpty || words[0].hasPrefix("#") { continue }
            guard words.count == 2 else {
                throw APIKeysError(
                    .malformed, "\(source):\(index + 1): a line has \(words.count) words",
                    "write KEY TENANT in each line")
            }
            try keys.add(String(words[0]), tenant: String(words[1]), place: "\(source):\(index + 1)")
        }
        return try keys.checked(source)
    }

    /// The keys of an environment variable: `KEY=TENANT` pairs separated by commas.
    ///
    /// - Parameters:
    ///   - pairs: the variable's value.
    ///   - variable: its name, for messages.
    /// - Returns: the keys, at least one.
    /// - Throws: `APIKeysError` naming the pair. It never shows a key.
    package static func read(pairs: String, variable: String) throws(APIKeysError) -> APIKeys {
        var keys = APIKeys(tenants: [:])
        for (index, pair) in pairs.split(separator: ",").enumerated() {
            // A key may end in '=' (base 64), a tenant has none.
            let trimmed = pair.trimmingCharacters(in: .whitespaces)
            guard let equals = trimmed.lastIndex(of: "=") else {
                throw APIKeysError(
                    .malformed, "\(variable): pair \(index + 1) has no '='", "write KEY=TENANT,KEY=TENANT")
            }
            let tenant = String(trimmed[trimmed.index(after: equals)...])
            try keys.add(String(trimmed[..<equals]), tenant: tenant, place: "\(variable): pair \(index + 1)")
        }
        return try keys.checked(variable)
    }

    private mutating func add(_ key: String, tenant: String, place: String) throws(APIKeysError) {
        guard !key.isEmpty, key.count <= Self.keyLengthMax, key.allSatisfy({ $0.isASCII && !$0.isWhitespace }) else {
            throw APIKeysError(
                .malformed, "\(place): the key cannot be sent in a header",
                "use 1 to \(Self.keyLengthMax) ASCII characters without spaces")
        }
        guard TextForm.name.accepts(tenant) else {
            throw APIKeysError(
                .malformed, "\(place): the tenant \(quoted(tenant)) cannot be used", TextForm.name.expectation)
        }
        guard tenants.updateValue(tenant, forKey: key) == nil else {
            throw APIKeysError(.malformed, "\(place): the key stands twice", "remove one of them")
        }
    }

    private func checked(_ source: String) throws(APIKeysError) -> APIKeys {
        guard (1...Self.countMax).contains(tenants.count) else {
            throw APIKeysError(
                .malformed, "\(source) has \(tenants.count) keys",
                "write 1 to \(Self.countMax), or remove the setting so that everybody may ask")
        }
        return self
    }
}

/// Keys that cannot be used.
package struct APIKeysError: Error, Hashable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable {
        /// There is no such file, or it may not be read.
        case unreadable
        /// A line or a pair is wrong.
        case malformed
    }

    package var code: Code
    /// What is wrong, and where, without a full stop.
    package var message: String
    /// What to do, without a full stop.
    package var remedy: String

    init(_ code: Code, _ message: String, _ remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    package var description: String { "\(message); \(remedy)" }
}
