internal import Foundation
internal import Synchronization

/// One kind of traffic, and what of it is counted.
struct GatewayLoad {
    enum Unit: String {
        case request
        case event
    }

    let name: String
    let unit: Unit
    let path: String
    let connections: Int
    /// Microseconds of CPU per unit that the gateway may take; nil when only told.
    var limit: Double?

    static let all = [
        GatewayLoad(name: "request, 0.5 KB answer", unit: .request, path: "/answer/512", connections: 64, limit: 60),
        GatewayLoad(name: "request, 64 KB answer", unit: .request, path: "/answer/65536", connections: 32),
        GatewayLoad(name: "request, 512 KB answer", unit: .request, path: "/answer/524288", connections: 16),
        GatewayLoad(name: "event, 100 streams x 20/s", unit: .event, path: "/stream/50", connections: 100, limit: 25),
        GatewayLoad(
            name: "event, 100 streams x 50/s", unit: .event, path: "/stream/20", connections: 100, limit: 25),
        GatewayLoad(
            name: "event, 100 streams x 200/s", unit: .event, path: "/stream/5", connections: 100, limit: 25),
    ]

    /// Streams that are open at once while memory is measured, with an event a second each.
    static let openStreams = GatewayLoad(
        name: "memory", unit: .event, path: "/stream/1000", connections: 2000)

    /// CPU per unit, and units per second.
    struct Figures {
        var cpuMicroseconds: Double
        var unitsPerSecond: Double
    }

    /// Measures for `seconds`, after one second of warming up.
    func measure(_ running: RunningProxy, _ stub: StubUpstream.Counters, seconds: Double) throws -> Figures {
        let wrk = try WrkProcess.start(self, port: running.port, seconds: seconds + 3)
        defer { wrk.stop() }
        if unit == .event {
            _ = RunningProxy.waits { stub.openStreams.load(ordering: .relaxed) >= connections }
        }
        Thread.sleep(forTimeInterval: 1)
        let count = { unit == .request ? stub.answers.load(ordering: .relaxed) : stub.events.load(ordering: .relaxed) }
        let start = (cpu: try running.usage.cpuSeconds(), count: count(), time: ContinuousClock.now)
        Thread.sleep(forTimeInterval: seconds)
        let end = (cpu: try running.usage.cpuSeconds(), count: count(), time: ContinuousClock.now)
        let units = Double(end.count - start.count)
        guard units > 0 else { throw BenchmarkError("\(running.proxy.rawValue) let nothing through: \(name)") }
        return Figures(
            cpuMicroseconds: (end.cpu - start.cpu) * 1e6 / units,
            unitsPerSecond: units / ((end.time - start.time) / .seconds(1)))
    }

    /// Bytes of memory with all streams open.
    func measureMemory(_ running: RunningProxy, _ stub: StubUpstream.Counters) throws -> Int {
        let wrk = try WrkProcess.start(self, port: running.port, seconds: 40)
        defer { wrk.stop() }
        guard RunningProxy.waits(for: { stub.openStreams.load(ordering: .relaxed) >= connections }) else {
            let count = stub.openStreams.load(ordering: .relaxed)
            throw BenchmarkError("\(running.proxy.rawValue) opened only \(count) of \(connections) streams in 20 s")
        }
        Thread.sleep(forTimeInterval: 3)
        return try running.usage.residentBytes()
    }
}

/// The load generator.
struct WrkProcess {
    private let process: Process

    static var program: URL? { Programs.find("wrk") }
    static let remedy = "apt-get install wrk"

    /// A request as chat clients send it, of about half a kilobyte.
    private static let script = """
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        wrk.body = '{"model":"bench","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"' ..
            string.rep("word ", 80) .. '"}]}'

        """

    static func start(_ load: GatewayLoad, port: Int, seconds: Double) throws -> WrkProcess {
        guard let program else { throw BenchmarkError("there is no wrk; \(remedy)") }
        let script = try Places.scratchFile("request.lua")
        try Data(WrkProcess.script.utf8).write(to: script)
        let process = Process()
        process.executableURL = program
        process.arguments = [
            "-t", "1", "-c", "\(load.connections)", "-d", "\(Int(seconds.rounded(.up)))s", "-s", script.path,
            "http://127.0.0.1:\(port)\(load.path)",
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return WrkProcess(process: process)
    }

    func stop() {
        // wrk takes SIGINT for "enough".
        process.interrupt()
        process.waitUntilExit()
    }
}
