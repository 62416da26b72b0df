@testable import Performance

/// The rules of a replica once more, by small steps of time instead of closed forms: in each the iteration time is taken as
/// constant. A step is cut short where something finishes in it.
struct SteppedReplica {
    private struct Running {
        var index: Int
        var tokensLeft: Double
    }

    let profile: PerformanceProfile
    let requests: [ReplicaRun.Request]
    private(set) var firstToken: [Double]
    private(set) var done: [Double]
    private var waiting: [Int] = []
    private var prefill: [Int] = []
    private var decode: [Running] = []
    private var headWork = 0.0
    private var context = 0.0
    private var time = 0.0

    private static let step = 0.001

    init(_ profile: PerformanceProfile, _ requests: [ReplicaRun.Request]) {
        self.profile = profile
        self.requests = requests
        firstToken = Array(repeating: .infinity, count: requests.count)
        done = firstToken
        var next = 0
        while next < requests.count || !(waiting.isEmpty && prefill.isEmpty && decode.isEmpty) {
            while next < requests.count, requests[next].at <= time {
                waiting.append(next)
                next += 1
            }
            admit()
            advance(upTo: next < requests.count ? requests[next].at : .infinity)
        }
    }

    private var reserved: Int {
        (prefill + decode.map(\.index)).reduce(0) { $0 + requests[$1].prompt + requests[$1].output }
    }

    private mutating func admit() {
        while let index = waiting.first {
            let running = prefill.count + decode.count
            let need = requests[index].prompt + requests[index].output
            guard running < profile.maxBatch, running == 0 || reserved + need <= profile.kvTokens else { return }
            waiting.removeFirst()
            if prefill.isEmpty { headWork = work(index) }
            prefill.append(index)
        }
    }

    private func work(_ index: Int) -> Double { profile.c3 * Double(requests[index].uncached) + profile.c4 }

    private mutating func advance(upTo limit: Double) {
        let n = Double(decode.count)
        let tau = profile.iterationSeconds(sequences: n, contextTokens: context)
        let iteration = prefill.isEmpty ? tau : tau + profile.mixedIterationPrefill
        var seconds = min(SteppedReplica.step, limit - time)
        // What one second takes off the head's work, and off each sequence's tokens.
        let workRate = decode.isEmpty ? 1 : profile.mixedIterationPrefill / iteration
        let tokenRate = decode.isEmpty ? 0 : 1 / iteration
        if let least = decode.map(\.tokensLeft).min() { seconds = min(seconds, least / tokenRate) }
        if !prefill.isEmpty { seconds = min(seconds, headWork / workRate) }
        time = limit - time <= seconds ? limit : time + seconds
        for index in decode.indices { decode[index].tokensLeft -= seconds * tokenRate }
        context += n * seconds * tokenRate
        if !prefill.isEmpty { headWork -= seconds * workRate }
        finishWhatEnded()
    }

    private mutating func finishWhatEnded() {
        for running in decode where running.tokensLeft < 1e-12 {
            done[running.index] = time
            context -= Double(requests[running.index].prompt + requests[running.index].output)
        }
        decode.removeAll { $0.tokensLeft < 1e-12 }
        if decode.isEmpty { context = 0 }
        guard let head = prefill.first, headWork < 1e-12 else { return }
        prefill.removeFirst()
        firstToken[head] = time
        if let next = prefill.first { headWork = work(next) }
        if requests[head].output == 1 {
            done[head] = time
        } else {
            context += Double(requests[head].prompt) + 1
            decode.append(Running(index: head, tokensLeft: Double(requests[head].output - 1)))
        }
    }
}
