internal import Configuration
internal import Fleet
internal import Link
internal import Synchronization

/// What all loops share: settings, workloads and keys, none of which changes.
final class GatewayCore: Sendable {
    let settings: GatewaySettings
    /// In the order of the configuration.
    let workloads: [Workload]
    let keys: APIKeys?
    let accessLog: AccessLog?
    /// New requests are refused.
    let isStopping = Atomic<Bool>(false)
    let openConnections = Atomic<Int>(0)
    private let byModel: [String: Workload]
    private let byID: [String: Workload]
    /// The longest first.
    private let byPrefix: [(prefix: [UInt8], workload: Workload)]
    /// The only workload there is, if it has no prefix: it gets what names no model.
    private let only: Workload?

    init(
        _ configuration: TidewayConfiguration, workloads: [Workload], keys: APIKeys?, accessLog: AccessLog?
    ) {
        settings = configuration.gateway
        self.workloads = workloads
        self.keys = keys
        self.accessLog = accessLog
        var byModel: [String: Workload] = [:]
        for workload in workloads {
            for name in workload.settings.modelNames where byModel[name] == nil { byModel[name] = workload }
        }
        for workload in workloads { byModel[workload.settings.id.description] = workload }
        self.byModel = byModel
        byID = Dictionary(workloads.map { ($0.settings.id.description, $0) }) { first, _ in first }
        byPrefix = workloads.compactMap { workload in
            workload.settings.pathPrefix.map { (prefix: Array($0.utf8), workload: workload) }
        }.sorted { $0.prefix.count > $1.prefix.count }
        only = workloads.count == 1 && workloads[0].settings.pathPrefix == nil ? workloads[0] : nil
    }

    /// The workload of a request: by path, then by header, then by the model that its body names.
    ///
    /// - Parameters:
    ///   - path: the path.
    ///   - header: the value of `x-tideway-workload`.
    ///   - model: the model that the body names.
    /// - Returns: the workload.
    /// - Throws: why there is none.
    func workload(
        path: UnsafeRawBufferPointer, header: String?, model: String?
    ) throws(Refusal) -> Workload {
        for (prefix, workload) in byPrefix where isBelow(path, prefix) { return workload }
        if let header {
            guard let workload = byID[header] else { throw .unknownModel }
            return workload
        }
        if let model {
            guard let workload = byModel[model] else { throw .unknownModel }
            return workload
        }
        if let only { return only }
        throw path.count >= 4 && path.part(0..<4).elementsEqual("/v1/".utf8) ? .missingModel : .unknownRoute
    }

    /// "/tf" holds "/tf" and "/tf/x", not "/tfx".
    private func isBelow(_ path: UnsafeRawBufferPointer, _ prefix: [UInt8]) -> Bool {
        guard path.count >= prefix.count, path.part(0..<prefix.count).elementsEqual(prefix) else { return false }
        return path.count == prefix.count || prefix.last == UInt8(ascii: "/")
            || path[prefix.count] == UInt8(ascii: "/")
    }

    /// The names of models, sorted.
    var modelNames: [String] { byModel.keys.sorted() }

    func workload(id: String) -> Workload? { byID[id] }
}
