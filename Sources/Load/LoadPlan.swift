package import Fleet
package import Traces

/// What is sent, where to, and what counts as good.
package struct LoadPlan: Sendable {
    package var target: LoadTarget
    /// At least one.
    package var workloads: [LoadWorkload]
    /// Arrivals are divided by it; above zero.
    package var speed = 1.0
    /// Whether answers come token by token.
    package var streams = true
    /// Bytes of prompt text for each prompt token, at least 1.
    package var bytesPerToken = 4
    /// A request without its whole answer so long after its time has failed.
    package var timeout = Duration.seconds(300)
    /// Requests in flight at most. What comes above is not sent, and counted as refused: a protection of this machine, not a
    /// way to pace.
    package var concurrencyLimit = 10_000
    /// Sent as a bearer token; nil for none.
    package var apiKey: String?

    package init(target: LoadTarget, workloads: [LoadWorkload]) {
        self.target = target
        self.workloads = workloads
    }
}

/// The requests to one model.
package struct LoadWorkload: Sendable {
    /// The `model` of each request.
    package var model: String
    /// Sorted. Requests that arrive before time zero are a warm-up: they are sent and not counted.
    package var trace: Trace
    /// Nil where nothing is promised: there is no attainment then.
    package var objective: ServiceLevelObjective?

    package init(model: String, trace: Trace, objective: ServiceLevelObjective?) {
        self.model = model
        self.trace = trace
        self.objective = objective
    }
}
