internal import Foundation

/// A proxy that is measured: how it is started with one thread in front of the stub.
enum Proxy: String, CaseIterable {
    case tideway = "Tideway"
    case nginx = "NGINX"
    case haproxy = "HAProxy"

    /// The program; nil when it is not on this machine.
    var program: URL? {
        switch self {
        case .tideway: FileManager.default.isExecutableFile(atPath: Places.tideway.path) ? Places.tideway : nil
        case .nginx: Programs.find("nginx")
        case .haproxy: Programs.find("haproxy")
        }
    }

    /// What helps when it is not here.
    var remedy: String {
        switch self {
        case .tideway: "build it with 'make build', or set TIDEWAY"
        case .nginx: "apt-get install nginx-light"
        case .haproxy: "apt-get install haproxy"
        }
    }

    /// Writes its configuration.
    ///
    /// - Parameters:
    ///   - folder: a folder of its own.
    ///   - port: where it is to listen.
    ///   - stub: the server's port.
    /// - Returns: its arguments.
    /// - Throws: when a file cannot be written.
    func prepare(in folder: URL, port: Int, stub: Int) throws -> [String] {
        func write(_ name: String, _ text: String) throws -> String {
            let file = folder.appending(path: name)
            try Data(text.utf8).write(to: file)
            return file.path
        }
        switch self {
        case .tideway:
            _ = try write("profile.json", ProxyFiles.profile)
            return ["up", try write("tideway.yaml", ProxyFiles.tideway(port: port, stub: stub))]
        case .nginx:
            let file = try write("nginx.conf", ProxyFiles.nginx(folder: folder.path, port: port, stub: stub))
            return ["-p", folder.path, "-e", folder.appending(path: "error.log").path, "-c", file]
        case .haproxy: return ["-db", "-f", try write("haproxy.cfg", ProxyFiles.haproxy(port: port, stub: stub))]
        }
    }
}

/// Programs of the system.
enum Programs {
    static func find(_ name: String) -> URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        // Servers lie in folders that are not in everybody's path.
        let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin"]
        return folders.map { URL(fileURLWithPath: $0).appending(path: name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
