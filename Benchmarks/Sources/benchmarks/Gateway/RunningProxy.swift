internal import Foundation

/// A proxy that serves.
struct RunningProxy {
    let proxy: Proxy
    let port: Int
    private let process: Process
    /// The process that proxies: for Tideway, a child of the one that was started.
    let usage: ProcessUsage

    /// Starts it, and waits until a request comes through.
    ///
    /// - Throws: `BenchmarkError` when it does not serve within 20 s.
    static func start(_ proxy: Proxy, program: URL, stub: Int) throws -> RunningProxy {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tideway-benchmark-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let port = try LoopbackSocket.freePort()
        let process = Process()
        process.executableURL = program
        process.arguments = try proxy.prepare(in: folder, port: port, stub: stub)
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard waits(for: { LoopbackSocket.status(of: "/answer/512", port: port) == 200 }) else {
            process.terminate()
            throw BenchmarkError(
                "\(proxy.rawValue) does not serve; its files are in \(folder.path), it is started as: "
                    + ([program.path] + (process.arguments ?? [])).joined(separator: " "))
        }
        let parent = Int(process.processIdentifier)
        let pid = proxy == .tideway ? ProcessUsage.child(of: parent, named: "gateway") : parent
        guard let pid else { throw BenchmarkError("tideway up has no child that is the gateway") }
        return RunningProxy(proxy: proxy, port: port, process: process, usage: ProcessUsage(pid: pid), folder: folder)
    }

    private let folder: URL

    private init(proxy: Proxy, port: Int, process: Process, usage: ProcessUsage, folder: URL) {
        self.proxy = proxy
        self.port = port
        self.process = process
        self.usage = usage
        self.folder = folder
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Whether a condition comes true within 20 s.
    static func waits(for condition: () -> Bool) -> Bool {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            if condition() { return true }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return false
    }
}
