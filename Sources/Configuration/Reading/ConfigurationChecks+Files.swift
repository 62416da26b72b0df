/// Checks of what the file refers to: commands and keys.
extension ConfigurationChecks {
    /// What is replaced in a command and its environment.
    private static let placeholders = ["port", "replica", "workload", "folder"]

    mutating func checkCommand(_ variant: VariantSettings, _ path: String) {
        guard case .processes(let settings) = variant.engine, !settings.command.isEmpty else { return }
        let key = "\(path).engine.processes.command"
        let texts = settings.command + settings.environment.sorted { $0.key < $1.key }.map(\.value)
        if !texts.contains(where: { $0.contains("{port}") }) {
            add(
                .unusedPort, key, "{port} stands neither in the command nor in the environment",
                "tell the program with {port} where to listen: each replica has a port of its own", severity: .warning)
        }
        for text in texts {
            for match in text.matches(of: /\{([a-z_]+)\}/) where !Self.placeholders.contains(String(match.output.1)) {
                add(
                    .unknownPlaceholder, key, "{\(match.output.1)} is not replaced",
                    "write one of \(Self.placeholders.map { "{\($0)}" }.joined(separator: ", "))", severity: .warning)
            }
        }
    }

    mutating func checkKeys() {
        guard let keysFile = configuration.gateway.apiKeysFile else { return }
        do throws(APIKeysError) {
            let keys = try APIKeys.read(file: keysFile)
            guard keys.isReadableByOthers else { return }
            add(
                .exposedKeys, "gateway.api_keys_file", "\(keysFile) can be read by every user of this machine",
                "type: chmod 600 \(keysFile)", severity: .warning)
        } catch {
            let code: ConfigurationProblem.Code = error.code == .unreadable ? .unreadableKeys : .malformedKeys
            add(code, "gateway.api_keys_file", error.message, error.remedy)
        }
    }
}
