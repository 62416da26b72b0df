/// The layouts of trace files that can be read.
package enum TraceFormat: String, CaseIterable, Sendable {
    /// Azure's LLM inference traces of 2023 and 2024: `TIMESTAMP,ContextTokens,GeneratedTokens`.
    case azure
    /// BurstGPT: `Timestamp,Model,Request tokens,Response tokens,...`.
    case burstgpt
    /// Mooncake's JSON lines: `timestamp` in ms, `input_length`, `output_length`, `hash_ids`.
    case mooncake
    /// Any table with a timestamp column and optional token, workload and session columns.
    case csv
    /// A request rate over time, turned into requests: a table, or the answer of a Prometheus range query.
    case rate
}

/// What a rate series counts.
package enum RateUnit: String, CaseIterable, Sendable {
    /// Requests per second.
    case requestsPerSecond = "rps"
    /// Requests per minute.
    case requestsPerMinute = "rpm"
    /// Requests in the bin that begins at the sample's timestamp.
    case count

    /// Requests per second for a value of this unit; `binSeconds` is the length of its bin, above zero.
    func requestsPerSecond(_ value: Double, binSeconds seconds: Double) -> Double {
        switch self {
        case .requestsPerSecond: value
        case .requestsPerMinute: value / 60
        case .count: value / seconds
        }
    }
}
