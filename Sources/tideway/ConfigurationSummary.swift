internal import Configuration
internal import Fleet
internal import Foundation

/// What a configuration serves, as a table for people.
struct ConfigurationSummary {
    private let configuration: TidewayConfiguration

    init(_ configuration: TidewayConfiguration) { self.configuration = configuration }

    var lines: [String] {
        let workloads = [["WORKLOAD", "MODELS", "OBJECTIVE", "REPLICAS", "ENGINE", "PROFILE", "POOL"]]
        let pools = [["POOL", "ACCELERATOR", "NODES", "PER NODE", "PRICE"]]
        var lines = Self.table(workloads + configuration.workloads.map(row))
        if !configuration.nodePools.isEmpty {
            lines += [""] + Self.table(pools + configuration.nodePools.map(row))
        }
        return lines + [""] + limits
    }

    static func listen(_ configuration: TidewayConfiguration) -> String {
        ListenAddress(host: configuration.gateway.host, port: configuration.gateway.port).description
    }

    private func row(_ workload: WorkloadSettings) -> [String] {
        let variant = workload.variants.first
        let names = workload.modelNames.filter { $0 != workload.id.description }
        let prefix = workload.pathPrefix.map { ["\($0)*"] } ?? []
        let replicas = "\(workload.bounds.min) to \(workload.bounds.max)\(workload.isActedOn ? "" : ", not acted on")"
        return [
            workload.id.description, Self.short(([workload.id.description] + names + prefix).joined(separator: ", ")),
            Self.text(workload.objective), replicas, variant?.engine.kind ?? "-",
            Self.short(variant?.profile.split(separator: "/").last.map(String.init) ?? "-"),
            variant?.pool?.description ?? "-",
        ]
    }

    private func row(_ pool: NodePoolSettings) -> [String] {
        let price = pool.price.map { "\(ConfigurationValue.number($0.perAcceleratorHour)) per accelerator-hour" } ?? "-"
        return [
            pool.id.description, pool.acceleratorType.description, "\(pool.nodeCount)", "\(pool.acceleratorsPerNode)",
            price,
        ]
    }

    private var limits: [String] {
        let gateway = configuration.gateway
        let controller = configuration.controller
        let keys = [gateway.apiKeysFile, gateway.apiKeysVariable.map { "$\($0)" }].compactMap { $0 }
        return [
            "gateway     http://\(Self.listen(configuration)), up to \(gateway.connectionLimit) connections, bodies up to "
                + ByteSize.text(gateway.bodyByteLimit),
            "API keys    \(keys.isEmpty ? "none: everybody may ask" : keys.joined(separator: " and "))",
            "controller  policy \(controller.policy), mode \(controller.mode.rawValue)",
            "state       \(configuration.stateFolder)",
        ]
    }

    private static func text(_ objective: ServiceLevelObjective) -> String {
        let share = "\(ConfigurationValue.number(objective.attainmentTarget * 100))%"
        return switch objective.limits {
        case .tokens(let ttft, let itl): "\(share) TTFT \(TimeLength.text(ttft)) ITL \(TimeLength.text(itl))"
        case .latency(let latency): "\(share) latency \(TimeLength.text(latency))"
        }
    }

    /// A cell that does not push the others out of sight.
    private static func short(_ text: String) -> String {
        let limit = 40
        return text.count > limit ? "\(text.prefix(limit - 1))…" : text
    }

    private static func table(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { index, cell in
                index == row.count - 1 ? cell.0 : cell.0 + String(repeating: " ", count: cell.1 - cell.0.count + 2)
            }.joined()
        }
    }
}
