/// The figures of all rounds, and the table that they make.
struct GatewayTable {
    private let proxies: [Proxy]
    private var figures: [String: [Proxy: [GatewayLoad.Figures]]] = [:]
    private var memory: [Proxy: [Int]] = [:]

    init(proxies: [Proxy]) { self.proxies = proxies }

    mutating func add(_ measured: GatewayLoad.Figures, _ load: GatewayLoad, _ proxy: Proxy) {
        figures[load.name, default: [:]][proxy, default: []].append(measured)
    }

    mutating func add(memory bytes: Int, _ proxy: Proxy) { memory[proxy, default: []].append(bytes) }

    private func median(_ load: GatewayLoad, _ proxy: Proxy) -> GatewayLoad.Figures? {
        guard let all = figures[load.name]?[proxy], !all.isEmpty else { return nil }
        return all.sorted { $0.cpuMicroseconds < $1.cpuMicroseconds }[all.count / 2]
    }

    private func medianMemory(_ proxy: Proxy) -> Int? {
        memory[proxy].flatMap { $0.isEmpty ? nil : $0.sorted()[$0.count / 2] }
    }

    /// The table in Markdown.
    var lines: [String] {
        let peers = proxies.filter { $0 != .tideway }
        var lines = Text.head(
            [""] + proxies.map(\.rawValue) + peers.map { "Tideway / \($0.rawValue)" } + ["limit for Tideway"])
        for load in GatewayLoad.all {
            let own = median(load, .tideway)?.cpuMicroseconds
            var cells = [load.name]
            cells += proxies.map { proxy in
                median(load, proxy).map { "\(Text.number($0.cpuMicroseconds, 1)) (\(Int($0.unitsPerSecond)))" } ?? "-"
            }
            cells += peers.map { ratio(own, median(load, $0)?.cpuMicroseconds) }
            cells.append(load.limit.map { Text.number($0, 0) } ?? "-")
            lines.append(Text.row(cells))
        }
        let own = medianMemory(.tideway).map(Double.init)
        var cells = ["MB with 2,000 open streams"]
        cells += proxies.map { medianMemory($0).map { Text.number(Double($0) / 1e6, 0) } ?? "-" }
        cells += peers.map { ratio(own, medianMemory($0).map(Double.init)) }
        lines.append(Text.row(cells + ["\(GatewayCommand.memoryLimit / 1_000_000)"]))
        return lines
    }

    private func ratio(_ own: Double?, _ other: Double?) -> String {
        guard let own, let other, other > 0 else { return "-" }
        return Text.number(own / other, 2)
    }

    /// What is beyond its limit.
    var misses: [String] {
        var misses = GatewayLoad.all.compactMap { load -> String? in
            guard let limit = load.limit, let own = median(load, .tideway)?.cpuMicroseconds, own > limit else {
                return nil
            }
            return "\(load.name): \(Text.number(own, 1)) us, at most \(Text.number(limit, 0))"
        }
        if let bytes = medianMemory(.tideway), bytes >= GatewayCommand.memoryLimit {
            misses.append("memory: \(bytes / 1_000_000) MB, less than \(GatewayCommand.memoryLimit / 1_000_000)")
        }
        return misses
    }

    var verdict: String { misses.isEmpty ? "kept" : "missed (" + misses.joined(separator: "; ") + ")" }
}
