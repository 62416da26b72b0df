internal import Configuration
internal import Foundation

/// The keys that open the gateway, each with the tenant that has it. Keys are compared in constant time and never shown.
struct APIKeys: Sendable {
    private let keys: [(key: [UInt8], tenant: String)]

    /// Reads the file and the environment variable that the settings name; nil when they name neither.
    ///
    /// - Parameters:
    ///   - settings: the gateway's settings.
    ///   - environment: variables of the process.
    /// - Throws: `GatewayError` when a source cannot be read, or holds no key.
    init?(_ settings: GatewaySettings, environment: [String: String]) throws {
        guard settings.apiKeysFile != nil || settings.apiKeysVariable != nil else { return nil }
        var keys: [(key: [UInt8], tenant: String)] = []
        if let path = settings.apiKeysFile { keys += try APIKeys.inFile(path) }
        if let name = settings.apiKeysVariable { keys += try APIKeys.inVariable(name, environment[name]) }
        self.keys = keys
    }

    private static func inFile(_ path: String) throws -> [(key: [UInt8], tenant: String)] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw GatewayError(code: .apiKeys, message: "\(path): cannot be read; gateway.apiKeysFile names it")
        }
        var keys: [(key: [UInt8], tenant: String)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard words.count == 2 else {
                throw GatewayError(
                    code: .apiKeys, message: "\(path):\(index + 1): write a line as KEY TENANT, with a space between")
            }
            keys.append((Array(first.utf8), String(words[1])))
        }
        guard !keys.isEmpty else {
            throw GatewayError(code: .apiKeys, message: "\(path): holds no key; write lines KEY TENANT")
        }
        return keys
    }

    private static func inVariable(_ name: String, _ value: String?) throws -> [(key: [UInt8], tenant: String)] {
        let pairs = (value ?? "").split(separator: ",")
        let keys = pairs.compactMap { pair -> (key: [UInt8], tenant: String)? in
            // A key may end in "=" itself.
            guard let equals = pair.lastIndex(of: "=") else { return nil }
            let key = pair[..<equals].trimmingCharacters(in: .whitespaces)
            let tenant = pair[pair.index(after: equals)...].trimmingCharacters(in: .whitespaces)
            return key.isEmpty || tenant.isEmpty ? nil : (Array(key.utf8), tenant)
        }
        guard !keys.isEmpty, keys.count == pairs.count else {
            throw GatewayError(
                code: .apiKeys,
                message: "environment variable \(name): write KEY=TENANT, with commas between several;"
                    + " gateway.apiKeysVariable names it")
        }
        return keys
    }

    /// The tenant of a value of `Authorization`; nil when the key is unknown. Every key is compared to its end, so that the
    /// time tells nothing about how far one matched.
    func tenant(authorization value: UnsafeRawBufferPointer) -> String? {
        guard value.count > 7, value.part(0..<7).equalsIgnoringCase("bearer ") else { return nil }
        let given = value.part(7..<value.count)
        var found: String?
        for (key, tenant) in keys where isEqual(key, given) { found = tenant }
        return found
    }

    private func isEqual(_ key: [UInt8], _ given: UnsafeRawBufferPointer) -> Bool {
        var difference = key.count ^ given.count
        for index in 0..<given.count { difference |= Int(key[index % key.count] ^ given[index]) }
        return difference == 0
    }
}
