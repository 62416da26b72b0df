internal import ArgumentParser
internal import Foundation

/// What a request and an event cost in the gateway, beside other proxies.
struct GatewayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract:
            "Measure the gateway's CPU per request and per event and its memory, with NGINX and HAProxy in the same run.",
        discussion: "Needs Linux and wrk; NGINX and HAProxy are left out where they are not installed.")

    /// Bytes with 2,000 open streams.
    static let memoryLimit = 200_000_000

    @Option(help: "Rounds, of which the median counts.")
    var rounds = 3

    @Option(help: "Seconds of each measurement.")
    var seconds = 3.0

    @Option(help: "Only traffic whose name holds this text; no page is written then.")
    var only: String?

    func validate() throws {
        guard (1...20).contains(rounds) else { throw ValidationError("--rounds \(rounds) must be from 1 to 20.") }
        guard (0.5...60).contains(seconds) else {
            throw ValidationError("--seconds \(seconds) must be from 0.5 to 60.")
        }
    }

    func run() throws {
        guard WrkProcess.program != nil else {
            throw BenchmarkError("skipped: wrk makes the load and is not here; \(WrkProcess.remedy)")
        }
        guard Proxy.tideway.program != nil else {
            throw BenchmarkError("there is no program at \(Places.tideway.path); \(Proxy.tideway.remedy)")
        }
        raiseFileLimit()
        let present = Proxy.allCases.filter { $0.program != nil }
        for absent in Proxy.allCases where absent.program == nil {
            print("skipped: \(absent.rawValue) is not here; \(absent.remedy)")
        }
        let stub = try StubUpstream()
        var table = GatewayTable(proxies: present)
        for round in 1...rounds {
            for proxy in present { try measure(proxy, stub, round: round, into: &table) }
        }
        print(table.lines.joined(separator: "\n"))
        if only == nil { try Places.writeResult("gateway.md", page(table)) }
        let misses = table.misses
        for miss in misses { print("missed: \(miss)") }
        if !misses.isEmpty { throw ExitCode.failure }
    }

    private func measure(_ proxy: Proxy, _ stub: StubUpstream, round: Int, into table: inout GatewayTable) throws {
        guard let program = proxy.program else { return }
        let running = try RunningProxy.start(proxy, program: program, stub: stub.port)
        defer { running.stop() }
        for load in GatewayLoad.all where only.map({ load.name.contains($0) }) ?? true {
            let figures = try load.measure(running, stub.counters, seconds: seconds)
            table.add(figures, load, proxy)
            print(
                "round \(round), \(proxy.rawValue), \(load.name): \(Text.number(figures.cpuMicroseconds, 1)) us, "
                    + "\(Int(figures.unitsPerSecond)) a second")
        }
        guard only == nil else { return }
        let memory = try GatewayLoad.openStreams.measureMemory(running, stub.counters)
        table.add(memory: memory, proxy)
        print("round \(round), \(proxy.rawValue), 2,000 streams: \(memory / 1_000_000) MB")
    }

    /// Two descriptors per stream in a proxy, which inherits the limit.
    private func raiseFileLimit() {
        var limit = rlimit()
        #if canImport(Glibc)
            let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let files = RLIMIT_NOFILE
        #endif
        getrlimit(files, &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(files, &limit)
    }

    private func page(_ table: GatewayTable) -> String {
        let absent = Proxy.allCases.filter { $0.program == nil }.map(\.rawValue)
        let lines =
            [
                "# Cost of the gateway", "",
                "`benchmarks gateway` on \(Text.processor), which the load generator and the server share. CPU of the proxy's process",
                "alone, user and kernel, microseconds per request or event; medians of \(rounds) rounds of \(Text.number(seconds, 0)) s. Requests are POSTs of",
                "0.5 KB that name a model, over connections that are kept. One thread each; Tideway runs as `tideway up`, NGINX and",
                "HAProxy without a log. Events are 0.2 KB, one chunk each, spread evenly. In brackets: units per second in that run.",
                "",
            ] + table.lines + ["", "Limits: \(table.verdict)."]
            + (absent.isEmpty ? [] : ["Not here, so left out: \(absent.joined(separator: ", "))."])
        return lines.joined(separator: "\n") + "\n"
    }
}
