internal import Fleet

/// What the plant keeps of the replica in a slot besides its engine.
struct PlantSlot {
    /// Where it stands. Slots without a replica are `empty`.
    enum Phase {
        case empty
        /// Ends at the slot's event time: ready, or failed.
        case starting(fails: Bool)
        case ready
        /// Ends when the engine is idle.
        case draining
    }

    var phase = Phase.empty
    var id = ReplicaID(-1)
    /// Seconds; start of the bill.
    var orderedAt = 0.0
    /// Engine accounts at the start of the measured period.
    var busyBefore = 0.0
    var sequencesBefore = 0.0
}

/// News of the fleet that the plant has for the controller.
enum FleetNews {
    case ready(ReplicaID)
    case startFailed(ReplicaID)
    case stopped(ReplicaID)
}
