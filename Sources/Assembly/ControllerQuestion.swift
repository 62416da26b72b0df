package import Link
internal import NIOPosix

/// Asks the controller that has a state folder.
package enum ControllerQuestion {
    /// How the controller and its workloads stand.
    ///
    /// - Parameter adminSocket: path of the controller's socket for people.
    /// - Returns: the controller's own record.
    /// - Throws: `LinkError` when no controller answers in time, or with something else.
    package static func status(adminSocket: String) async throws -> ControllerStatus {
        let reply = try await AdminClient.ask(.status, at: adminSocket, group: .singleton)
        guard case .status(let status) = reply else {
            throw LinkError(.badMessage, "the controller on \(adminSocket) answered another question")
        }
        return status
    }
}
