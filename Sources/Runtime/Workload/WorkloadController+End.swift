internal import Control
internal import Fleet
internal import Link

/// A workload's controller: no more decisions; what runs is drained and stopped.
extension WorkloadController {
    /// Gives up what starts, and drains what is ready. Watched servers are only forgotten.
    mutating func end(at now: Instant) -> [ControllerEffect] {
        isEnding = true
        openDrains = 0
        guard !plan.isWatched else {
            replicas = [:]
            return []
        }
        var effects: [ControllerEffect] = []
        for replica in ordered {
            switch replica.phase {
            case .ordered, .launched:
                if let entry = move(replica.number, to: .stopping) {
                    effects += [entry, .stop(replica.name, deadline: nil)]
                }
            case .ready:
                if let entry = move(replica.number, to: .draining) { effects.append(entry) }
            case .draining, .stopping: break
            }
        }
        return effects + [tellFleet]
    }

    /// Stops what drains, without waiting for it.
    mutating func endNow(deadline: Duration?) -> [ControllerEffect] {
        ordered.flatMap { replica -> [ControllerEffect] in
            guard let entry = move(replica.number, to: .stopping) else { return [] }
            return [entry, .stop(replica.name, deadline: deadline)]
        }
    }
}
