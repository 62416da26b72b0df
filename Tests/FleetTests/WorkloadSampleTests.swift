import Testing

@testable import Fleet

struct WorkloadSampleTests {
    private func sample() -> WorkloadSample {
        var sample = WorkloadSample(at: Instant(seconds: 5))
        sample.arrivedRequests = 7
        sample.replicas = (0..<3).map {
            ReplicaSample(
                id: ReplicaID($0), isReady: true, runningRequests: 1, waitingRequests: 0, decodingRequests: 1,
                prefillQueuedTokens: 0, contextTokens: 10, reservedTokens: 20)
        }
        return sample
    }

    @Test func numbers_keepHowManyReplicasServed() throws {
        let read = try #require(WorkloadSample(numbers: sample().numbers))
        #expect(read.servingReplicas == 3)
        #expect(read.replicas.isEmpty)
        #expect(read.arrivedRequests == 7)
    }

    @Test func gaugesDropped_numberStays() {
        var sample = sample()
        sample.dropGauges()
        #expect(sample.servingReplicas == 3 && sample.replicas.isEmpty)
    }

    @Test func numbersOfEarlierVersions_areRead_othersAreNot() throws {
        let numbers = sample().numbers
        let read = try #require(WorkloadSample(numbers: Array(numbers.dropLast())))
        #expect(read.servingReplicas == 0)
        #expect(read.arrivedRequests == 7)
        #expect(WorkloadSample(numbers: Array(numbers.dropLast(2))) == nil)
        #expect(WorkloadSample(numbers: numbers + [1]) == nil)
    }
}
