internal import Foundation

/// A `tideway up` that is measured, in a folder of its own.
final class LiveProgram {
    let folder: URL
    private let process = Process()

    /// Starts it on a free port; the configuration is without state folder and gateway.
    init(_ configuration: String) throws {
        // The path of a socket has to be short.
        folder = URL(filePath: "/tmp/tw-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let text = "state_folder: state\ngateway: {listen: \"127.0.0.1:0\"}\n" + configuration
        try Data(text.utf8).write(to: folder.appending(path: "tideway.yaml"))
        try Data().write(to: log)
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["--default-signal=TERM", Places.tideway.path, "up"]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
    }

    private var log: URL { folder.appending(path: "up.log") }
    var notes: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// Ends it and removes what it left.
    func end() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Looks every few milliseconds until there is something.
    func wait<Value>(_ what: String, _ look: () -> Value?) throws -> Value {
        let end = Date.now + 120
        while Date.now < end {
            if let value = look() { return value }
            Thread.sleep(forTimeInterval: 0.002)
        }
        throw BenchmarkError("there was no \(what) within two minutes:\n\(notes)")
    }

    func address() throws -> String {
        try wait("address") { notes.firstMatch(of: /Send requests to (http:\S+)/).map { String($0.output.1) } }
    }

    /// When a line of the log was written, by the time of day in it; the first one after so many.
    func time(of text: String, after count: Int = 0) -> Double? {
        let lines = notes.split(separator: "\n").filter { $0.contains(text) }
        return lines.count > count ? Self.seconds(lines[count]) : nil
    }

    /// Seconds since the day's beginning (UTC) of `hh:mm:ss.fffZ …`.
    private static func seconds(_ line: Substring) -> Double? {
        guard let parts = line.firstMatch(of: /(\d\d):(\d\d):(\d\d\.\d+)/),
            let hours = Double(parts.output.1), let minutes = Double(parts.output.2), let rest = Double(parts.output.3)
        else { return nil }
        return hours * 3600 + minutes * 60 + rest
    }

    /// When the replica's process started, in seconds of the day; nil while there is none.
    func startOfReplica() -> Double? {
        guard let controller = daemon.first(where: { $0.name == "controller" }),
            let replica = Self.children(of: controller.id).first.flatMap({ ProcessFigures($0) }),
            let uptime = (try? String(contentsOfFile: "/proc/uptime", encoding: .utf8))?.split(separator: " ").first
                .flatMap({ Double($0) })
        else { return nil }
        let now = Date.now.timeIntervalSince1970.truncatingRemainder(dividingBy: 86_400)
        return now - (uptime - replica.startSeconds)
    }

    /// The three processes of Tideway itself.
    var daemon: [(name: String, id: Int32)] {
        let children = Self.children(of: process.processIdentifier)
        return [("up", process.processIdentifier)]
            + children.compactMap { id in
                let words = (try? String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8))?.split(
                    separator: "\0")
                return words.map { ($0.count > 1 ? String($0[1]) : "?", id) }
            }.sorted { $0.name < $1.name }
    }

    private static func children(of id: Int32) -> [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { Int32($0) }.filter { ProcessFigures($0)?.parent == id }
    }
}

/// What `/proc` says of a process.
struct ProcessFigures {
    var parent: Int32
    var cpuSeconds: Double
    /// Seconds since the machine's start.
    var startSeconds: Double
    /// Resident memory, and its proportional part: what several processes share is divided among them.
    var residentBytes = 0
    var proportionalBytes = 0

    /// Nil when there is no such process.
    init?(_ id: Int32) {
        guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let parent = Int32(fields[1]), let user = Double(fields[11]),
            let system = Double(fields[12]), let start = Double(fields[19])
        else { return nil }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        self.parent = parent
        cpuSeconds = (user + system) / ticks
        startSeconds = start / ticks
        let memory = (try? String(contentsOfFile: "/proc/\(id)/smaps_rollup", encoding: .utf8)) ?? ""
        for line in memory.split(separator: "\n") {
            guard let value = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { continue }
            if line.hasPrefix("Rss:") { residentBytes = value * 1024 }
            if line.hasPrefix("Pss:") { proportionalBytes = value * 1024 }
        }
    }
}
