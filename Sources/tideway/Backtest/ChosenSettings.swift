internal import Configuration
internal import Policies

/// Settings of the policy `tideway` from a file, as reports tell of them.
struct ChosenSettings {
    let path: String
    let settings: TidewaySettings

    /// - Throws: `CommandError` with every mistake of the file, one a line: file, line, key and remedy.
    init(path: String) throws {
        let reading = PolicySettingsFile.read(file: path)
        guard let settings = reading.settings else {
            throw CommandError(reading.problems.map(\.description).joined(separator: "\n"))
        }
        self.path = path
        self.settings = settings
    }

    /// For the block that says what was simulated: the file, and what differs from the defaults.
    var plant: [(name: String, value: String)] {
        let defaults = TidewaySettings()
        let changed = TidewayParameter.all.filter { $0.value(in: settings) != $0.value(in: defaults) }
        return [("settings", path)] + changed.map { ("settings_\($0.name)", "\($0.value(in: settings))") }
    }

    var note: String {
        let differences = settings.differences
        guard !differences.isEmpty else {
            return "The policy tideway has the settings of \(path), which are the defaults."
        }
        return
            "The policy tideway has the settings of \(path), not the defaults: \(differences.joined(separator: ", "))."
    }
}
