internal import ArgumentParser
internal import Fleet
internal import Simulation

/// A fault as it is typed: a kind and its values, separated by colons.
struct FaultOption: ExpressibleByArgument {
    let fault: Fault

    static let discussion = """
        crash:REPLICA:AT, slow:REPLICA:FACTOR:FROM:UNTIL, failed-start:N, metrics-lost:FROM:UNTIL, \
        metrics-late:BY:FROM:UNTIL. Replicas and starts are counted from 0 in the order of their start.
        """

    init?(argument: String) {
        let parts = argument.split(separator: ":").map(String.init)
        let times = parts.dropFirst().map { DurationOption(argument: $0)?.seconds }
        guard let kind = parts.first, times.allSatisfy({ $0 != nil }) else { return nil }
        guard let fault = FaultOption.fault(kind, times.compactMap { $0 }) else { return nil }
        self.fault = fault
    }

    private static func fault(_ kind: String, _ values: [Double]) -> Fault? {
        switch (kind, values.count) {
        case ("crash", 2): .crash(ReplicaID(Int(values[0])), at: values[1])
        case ("slow", 4) where values[1] > 0:
            .slow(ReplicaID(Int(values[0])), factor: values[1], from: values[2], until: values[3])
        case ("failed-start", 1): .failedStart(ordinal: Int(values[0]))
        case ("metrics-lost", 2): .metricsLost(from: values[0], until: values[1])
        case ("metrics-late", 3): .metricsLate(by: values[0], from: values[1], until: values[2])
        default: nil
        }
    }
}
