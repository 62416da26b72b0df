internal import Configuration
internal import Fleet
internal import Routing
internal import Synchronization

/// The counters in the text format of Prometheus. Label values are ids of workloads, numbers of replicas, statuses and codes
/// of refusals: closed sets.
enum MetricsPage {
    private struct Figures: Sendable {
        var id: String
        var counters: WorkloadCounters
        var queuedRequests: Int
        var queuedBytes: Int
        var runningRequests: Int
        var readyReplicas: Int
    }

    static func text(_ core: GatewayCore) -> String {
        let figures = core.workloads.map { workload in
            workload.read { state in
                Figures(
                    id: workload.id, counters: state.counters,
                    queuedRequests: state.queuedRequests, queuedBytes: state.queuedBytes,
                    runningRequests: state.runningRequests, readyReplicas: state.dispatcher.table.readyCount)
            }
        }
        var page = answers(figures) + refusals(figures)
        page += single("retries_total", "counter", "Requests given to another replica.", figures) {
            $0.counters.retries
        }
        page += single("ejections_total", "counter", "Replicas that failed too often.", figures) {
            $0.counters.ejections
        }
        page += single("good_requests_total", "counter", "Answers within the objective.", figures) {
            $0.counters.goodRequests
        }
        page += single("output_tokens_total", "counter", "Tokens of answers.", figures) {
            $0.counters.finishedOutputTokens
        }
        page += single("requests_in_flight", "gauge", "Requests at replicas.", figures) { $0.runningRequests }
        page += single("requests_queued", "gauge", "Requests that wait for a replica.", figures) { $0.queuedRequests }
        page += single("queued_bytes", "gauge", "Bodies of requests that wait.", figures) { $0.queuedBytes }
        page += single("ready_replicas", "gauge", "Replicas that take requests.", figures) { $0.readyReplicas }
        page += histograms(figures)
        page += "# HELP tideway_connections Open connections from clients.\n# TYPE tideway_connections gauge\n"
        page += "tideway_connections \(core.openConnections.load(ordering: .relaxed))\n"
        page += "# HELP tideway_access_log_dropped_total Lines lost to a full buffer.\n"
        page += "# TYPE tideway_access_log_dropped_total counter\n"
        return page + "tideway_access_log_dropped_total \(core.accessLog?.droppedLines ?? 0)\n"
    }

    private static func header(_ name: String, _ type: String, _ help: String) -> String {
        "# HELP tideway_\(name) \(help)\n# TYPE tideway_\(name) \(type)\n"
    }

    private static func answers(_ figures: [Figures]) -> String {
        var page = header("requests_total", "counter", "Requests by status; 499 is a client that went.")
        for workload in figures {
            for (status, count) in workload.counters.byStatus.enumerated() where count > 0 {
                page += "tideway_requests_total{workload=\(label(workload.id)),code=\"\(status)\"} \(count)\n"
            }
        }
        return page
    }

    private static func refusals(_ figures: [Figures]) -> String {
        var page = header("refusals_total", "counter", "Requests that the gateway ended, by reason.")
        for workload in figures {
            for (refusal, count) in zip(Refusal.allCases, workload.counters.byReason) where count > 0 {
                page +=
                    "tideway_refusals_total{workload=\(label(workload.id)),reason=\"\(refusal.rawValue)\"} \(count)\n"
            }
        }
        return page
    }

    private static func single(
        _ name: String, _ type: String, _ help: String, _ figures: [Figures], value: (Figures) -> Int
    ) -> String {
        figures.reduce(into: header(name, type, help)) { page, workload in
            page += "tideway_\(name){workload=\(label(workload.id))} \(value(workload))\n"
        }
    }

    private static func histograms(_ figures: [Figures]) -> String {
        var page = header("time_to_first_token_seconds", "histogram", "From arrival to the first event of a stream.")
        for workload in figures {
            page += histogram("time_to_first_token_seconds", workload.id, workload.counters.timeToFirstToken)
        }
        page += header("request_duration_seconds", "histogram", "From arrival to the last byte.")
        for workload in figures {
            page += histogram("request_duration_seconds", workload.id, workload.counters.duration)
        }
        return page
    }

    private static func histogram(_ name: String, _ id: String, _ histogram: LatencyHistogram) -> String {
        var page = ""
        var sum = 0
        for (index, count) in histogram.counts.enumerated() {
            sum += count
            let bound = index < LatencyHistogram.bounds.count ? "\(LatencyHistogram.bounds[index])" : "+Inf"
            page += "tideway_\(name)_bucket{workload=\(label(id)),le=\"\(bound)\"} \(sum)\n"
        }
        page += "tideway_\(name)_sum{workload=\(label(id))} \(histogram.sum)\n"
        return page + "tideway_\(name)_count{workload=\(label(id))} \(sum)\n"
    }

    /// A label's value with its quotes; the escapes are those of JSON.
    private static func label(_ text: String) -> String { jsonString(text) }
}
