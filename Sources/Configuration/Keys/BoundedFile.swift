internal import Foundation

/// Reads files that should be small.
enum BoundedFile {
    struct Failure: Error {
        /// Without a full stop.
        var reason: String
    }

    /// The bytes of a regular file, one more than `limit` at most, so that the caller sees that there were too many.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw Failure(reason: "there is no such file")
        }
        guard !isDirectory.boolValue else { throw Failure(reason: "it is a directory") }
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? handle.close() }
            return [UInt8](try handle.read(upToCount: limit + 1) ?? Data())
        } catch {
            throw Failure(reason: "permission denied, or a failure of the disk")
        }
    }
}
