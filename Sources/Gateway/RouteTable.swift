internal import Configuration
internal import Fleet

/// A workload and its settings as they stand in one configuration.
final class Route: Sendable {
    let settings: WorkloadSettings
    let workload: Workload

    init(_ settings: WorkloadSettings, _ workload: Workload) {
        self.settings = settings
        self.workload = workload
    }
}

/// Everything that a configuration says about where requests go. Never changes: a reload makes another one.
final class RouteTable: Sendable {
    let settings: GatewaySettings
    /// In the order of the configuration.
    let routes: [Route]
    let keys: TenantKeys?
    private let byModel: [String: Route]
    private let byID: [String: Route]
    /// The longest first.
    private let byPrefix: [(prefix: [UInt8], route: Route)]
    /// The only workload there is, if it has no prefix: it gets what names no model.
    private let only: Route?

    init(_ settings: GatewaySettings, routes: [Route], keys: TenantKeys?) {
        self.settings = settings
        self.routes = routes
        self.keys = keys
        var byModel: [String: Route] = [:]
        for route in routes {
            for name in route.settings.modelNames where byModel[name] == nil { byModel[name] = route }
        }
        for route in routes { byModel[route.workload.id] = route }
        self.byModel = byModel
        byID = Dictionary(routes.map { ($0.workload.id, $0) }) { first, _ in first }
        byPrefix = routes.compactMap { route in
            route.settings.pathPrefix.map { (prefix: Array($0.utf8), route: route) }
        }.sorted { $0.prefix.count > $1.prefix.count }
        only = routes.count == 1 && routes[0].settings.pathPrefix == nil ? routes[0] : nil
    }

    /// The route of a request: by path, then by header, then by the model that its body names.
    ///
    /// - Parameters:
    ///   - path: the path.
    ///   - header: the value of `x-tideway-workload`.
    ///   - model: the model that the body names.
    /// - Returns: the workload, with its settings.
    /// - Throws: why there is none.
    func route(
        path: UnsafeRawBufferPointer, header: String?, model: String?
    ) throws(Refusal) -> Route {
        for (prefix, route) in byPrefix where isBelow(path, prefix) { return route }
        if let header {
            guard let route = byID[header] else { throw .unknownModel }
            return route
        }
        if let model {
            guard let route = byModel[model] else { throw .unknownModel }
            return route
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
}
