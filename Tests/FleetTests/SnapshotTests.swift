import Fleet
import Testing

struct SnapshotTests {
    @Test func snapshot_isInTheOrderOfIdsAndFoundByThem() {
        let now = Instant(seconds: 3)
        let snapshot = ClusterSnapshot(
            at: now,
            workloads: ["b", "a"].map { .init(id: WorkloadID($0), sample: .value(WorkloadSample(at: now), at: now)) })
        #expect(snapshot.workloads.map(\.id.description) == ["a", "b"])
        #expect(snapshot[WorkloadID("b")]?.sample.isFresh == true)
        #expect(snapshot[WorkloadID("c")] == nil)
    }

    @Test func sample_asNumbersAndBack_isTheSame() {
        var sample = WorkloadSample(at: Instant(seconds: 1.25))
        sample.arrivedRequests = 7
        sample.finishedOutputTokens = 1 << 40
        sample.inFlightSeconds = 0.1
        sample.runningRequests = 3
        #expect(WorkloadSample(numbers: sample.numbers) == sample)
        #expect(WorkloadSample(numbers: [1, 2]) == nil)
        #expect(WorkloadSample(numbers: sample.numbers.map { $0 + 0.5 }) == nil)
    }

    @Test func plan_isInTheOrderOfWorkloadAndVariant() {
        let allocations = [("b", "x"), ("a", "y"), ("a", "x")].map {
            Allocation(workload: WorkloadID($0.0), variant: VariantID($0.1), desired: 1, reasons: [.load])
        }
        let plan = CapacityPlan(basedOn: nil, allocations: allocations)
        #expect(plan.allocations.map { "\($0.workload)\($0.variant)" } == ["ax", "ay", "bx"])
    }

    @Test func reasons_areWrittenInSnakeCase() {
        for reason in PlanReason.allCases { #expect(reason.rawValue.allSatisfy { $0.isLowercase || $0 == "_" }) }
    }
}
