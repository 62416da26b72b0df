internal import Fleet
internal import Performance
internal import Simulation
internal import Traces

/// What the clairvoyant knows of the traffic: every request, with how long it may wait.
struct ClairvoyantDemand {
    /// A request as a fluid queue feels it.
    struct Arrival {
        /// Seconds.
        var time: Double
        /// Steady replica-seconds.
        var work: Double
        /// Seconds that it may wait before its prefill and still be in time.
        var patience: Double
    }

    /// In the order of time.
    let arrivals: [Arrival]

    init(_ arrivals: [Arrival]) {
        self.arrivals = arrivals
    }

    init(_ study: TraceStudy) {
        let perReplica = study.operatingPoint.steadyRate * study.meanWork
        arrivals = (0..<study.trace.count).map { index in
            let row = study.trace[index]
            let prompt = Double(row.promptTokens)
            let uncached = Double(study.trace.uncachedTokens(index))
            let work = study.profile.work(
                promptTokens: prompt, uncachedTokens: uncached, outputTokens: Double(row.outputTokens),
                batch: study.operatingPoint.fluidBatch)
            let limit: Double
            let own: Double
            switch study.options.slo.limits {
            case .tokens(let ttft, _):
                limit = study.profile.ttftLimit(promptTokens: prompt, uncachedTokens: uncached, ttft: ttft.seconds)
                own = study.profile.prefillWork(uncachedTokens: uncached)
            case .latency(let latency): (limit, own) = (latency.seconds, work)
            }
            return Arrival(
                time: row.arrival, work: perReplica > 0 ? work / perReplica : 0, patience: max(limit - own, 0))
        }
    }

    /// Factors on the work and the patience of every request.
    struct Scale {
        var work: Double
        var patience: Double
    }

    func scaled(_ scale: Scale) -> ClairvoyantDemand {
        ClairvoyantDemand(
            arrivals.map {
                Arrival(time: $0.time, work: $0.work * scale.work, patience: $0.patience * scale.patience)
            })
    }
}
