internal import Configuration

/// The keys that open the gateway, each with the tenant that has it. Keys are compared in constant time and never shown.
struct TenantKeys: Sendable {
    private let keys: [(key: [UInt8], tenant: String)]

    /// Reads the file and the environment variable that the settings name; nil when they name neither.
    ///
    /// - Parameters:
    ///   - settings: the gateway's settings.
    ///   - environment: variables of the process.
    /// - Throws: `GatewayError` when a source cannot be read, or holds no key.
    init?(_ settings: GatewaySettings, environment: [String: String]) throws {
        guard settings.apiKeysFile != nil || settings.apiKeysVariable != nil else { return nil }
        var tenants: [String: String] = [:]
        do throws(APIKeysError) {
            if let path = settings.apiKeysFile { tenants = try APIKeys.read(file: path).tenants }
            if let name = settings.apiKeysVariable {
                let pairs = try APIKeys.read(pairs: environment[name] ?? "", variable: "environment variable \(name)")
                tenants.merge(pairs.tenants) { _, variable in variable }
            }
        } catch {
            throw GatewayError(code: .apiKeys, message: "\(error)")
        }
        keys = tenants.sorted { $0.key < $1.key }.map { (Array($0.key.utf8), $0.value) }
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
