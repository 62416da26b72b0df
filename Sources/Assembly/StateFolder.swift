internal import Foundation

/// The files by which a fleet's processes find each other and go on after an end.
package struct StateFolder: Hashable, Sendable {
    /// Absolute.
    package let path: String

    /// - Parameter path: as the configuration has it.
    package init(_ path: String) { self.path = URL(filePath: path).standardizedFileURL.path }

    /// The gateway listens here for its controller.
    package var gatewaySocket: String { path + "/gateway.sock" }
    /// The controller listens here for people.
    package var adminSocket: String { path + "/admin.sock" }
    var lock: String { path + "/controller.lock" }
    var journal: String { path + "/journal" }
    var decisions: String { path + "/decisions.jsonl" }
    var learned: String { path + "/learned" }
    var operatingPoints: String { path + "/operating-points.json" }

    /// Makes the folder, for its owner alone, where it is missing.
    ///
    /// - Throws: what the system refuses, with the path and the remedy.
    package func create() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw AssemblyError(
                .stateFolder,
                "the state folder \(path) cannot be made: \(error.localizedDescription); make it, or name another (state_folder)"
            )
        }
    }
}
