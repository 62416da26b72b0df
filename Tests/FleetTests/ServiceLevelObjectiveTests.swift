import Fleet
import Testing

struct ServiceLevelObjectiveTests {
    @Test func reference_isThatOfTheReferencePlant() {
        let reference = ServiceLevelObjective.reference
        #expect(reference.limits == .tokens(ttft: .seconds(1), itl: .milliseconds(50)))
        #expect(reference.attainmentTarget == 0.99)
        #expect(ServiceLevelObjective.longPromptTokens == 4096)
    }

    @Test func attainment_outsideItsRange_traps() async {
        await #expect(processExitsWith: .failure) {
            _ = ServiceLevelObjective(limits: .latency(.seconds(1)), attainmentTarget: 0)
        }
        await #expect(processExitsWith: .failure) {
            _ = ServiceLevelObjective(limits: .latency(.seconds(1)), attainmentTarget: 1.01)
        }
    }
}
