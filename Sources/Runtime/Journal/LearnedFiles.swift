internal import Fleet
internal import Foundation

/// What controllers have learned, one file for each workload. A file is replaced as a whole; one that is lost costs only the
/// time to learn again.
package struct LearnedFiles: Sendable {
    private let folder: String
    /// A larger file is none of ours.
    private static let byteLimit = 64 << 20

    /// - Parameter folder: is made when there is something to keep.
    package init(folder: String) { self.folder = folder }

    /// What is kept, by workload.
    func all() -> [WorkloadID: [UInt8]] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().reduce(into: [:]) { files, name in
            guard name.hasSuffix(".json"), let id = name.dropLast(5).description.removingPercentEncoding,
                let bytes = FileManager.default.contents(atPath: folder + "/" + name), bytes.count < Self.byteLimit
            else { return }
            files[WorkloadID(id)] = [UInt8](bytes)
        }
    }

    /// Keeps bytes in place of those before.
    func keep(_ bytes: [UInt8], of workload: WorkloadID) {
        guard let name = workload.description.addingPercentEncoding(withAllowedCharacters: .alphanumerics) else {
            return
        }
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try? Data(bytes).write(to: URL(filePath: folder + "/\(name).json"), options: .atomic)
    }
}
