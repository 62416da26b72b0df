internal import Foundation

/// The path of this very program, which may have been started by a relative one.
func ownProgram() throws -> String {
    do {
        return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    } catch {
        throw CommandError("the path of this program cannot be read from /proc/self/exe: \(error.localizedDescription)")
    }
}
