internal import Fleet
internal import Synchronization

/// What the gateway answers by itself.
enum OwnRoutes {
    static let health = "/tideway/health"
    static let metrics = "/tideway/metrics"
    static let models = "/v1/models"
    /// Names listed in an error.
    static let listedNames = 20

    /// The answer to a path of the gateway's own; nil when it is a workload's.
    static func answer(path: String, _ loop: LoopContext) -> OwnAnswer? {
        switch path {
        case health: return OwnAnswer(json: healthDocument(loop.gateway))
        case metrics: return OwnAnswer(text: MetricsPage.text(loop.gateway))
        case models: return OwnAnswer(json: modelList(loop.table))
        default:
            if path.hasPrefix(models + "/") { return model(String(path.dropFirst(models.count + 1)), loop.table) }
            return path.hasPrefix("/tideway/") ? OwnAnswer(.unknownRoute) : nil
        }
    }

    /// Names of the models, to add to an error.
    static func knownModels(_ table: RouteTable) -> String {
        let names = table.modelNames
        let rest = names.count > listedNames ? ", and \(names.count - listedNames) more" : ""
        return "Known models: " + names.prefix(listedNames).joined(separator: ", ") + rest + "."
    }

    private static func healthDocument(_ core: GatewayCore) -> String {
        let state = core.isStopping.load(ordering: .relaxed) ? "stopping" : "ready"
        return "{\"status\":\"\(state)\"}"
    }

    private static func modelList(_ table: RouteTable) -> String {
        let entries = table.modelNames.map { entry($0) }
        return "{\"object\":\"list\",\"data\":[" + entries.joined(separator: ",") + "]}"
    }

    /// Only names that are known; others may be a server's own route ("/v1/models/NAME:predict").
    private static func model(_ name: String, _ table: RouteTable) -> OwnAnswer? {
        table.modelNames.contains(name) ? OwnAnswer(json: entry(name)) : nil
    }

    private static func entry(_ name: String) -> String {
        "{\"id\":\(jsonString(name)),\"object\":\"model\",\"created\":0,\"owned_by\":\"tideway\"}"
    }
}
