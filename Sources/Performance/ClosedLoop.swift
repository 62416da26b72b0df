/// A client that keeps a number of requests of one kind in flight on one replica: the next one is sent when one is done.
package struct ClosedLoop: Hashable, Sendable {
    package var setting: ClosedLoopSetting
    /// Requests in all.
    package var requests: Int

    /// - Parameters:
    ///   - setting: lengths and requests in flight, whole numbers of at least 1.
    ///   - requests: at least 1.
    package init(_ setting: ClosedLoopSetting, requests: Int) {
        precondition(requests >= 1 && setting.concurrency >= 1 && setting.outputTokens >= 1, "a loop has requests")
        self.setting = setting
        self.requests = requests
    }

    /// What the client measures.
    package struct Result: Hashable, Sendable {
        /// Mean time to the first token in seconds.
        package var ttft: Double
        /// Mean over the requests of their mean time between tokens, in seconds; zero for a single token.
        package var itl: Double
    }

    /// Runs the loop on an idle replica, from the first burst to the last token.
    package func run(on profile: PerformanceProfile) -> Result {
        var replica = BatchingReplica(profile: profile, time: 0)
        var sent = 0
        for _ in 0..<min(Int(setting.concurrency), requests) { send(&sent, to: &replica) }
        var (ttft, itl) = (0.0, 0.0)
        while replica.nextTime < .infinity {
            switch replica.step() {
            case .firstToken(let sequence, let isLast):
                ttft += sequence.firstToken - sequence.arrival
                if isLast, sent < requests { send(&sent, to: &replica) }
            case .finished(let sequence):
                itl += (replica.time - sequence.firstToken) / Double(sequence.outputTokens - 1)
                if sent < requests { send(&sent, to: &replica) }
            case .preempted, .resumed: break
            }
        }
        return Result(ttft: ttft / Double(requests), itl: itl / Double(requests))
    }

    private func send(_ sent: inout Int, to replica: inout BatchingReplica) {
        let prompt = UInt32(setting.promptTokens)
        let sequence = BatchingReplica.Sequence(
            id: UInt32(sent), promptTokens: prompt, uncachedTokens: prompt, outputTokens: UInt32(setting.outputTokens),
            arrival: replica.time)
        sent += 1
        replica.submit(sequence, at: replica.time)
    }
}
