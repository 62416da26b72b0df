internal import Configuration
internal import Fleet
internal import NIOCore

/// A line of the access log per request.
extension ClientConnection {
    /// A request that went to a workload.
    func log(_ outcome: ExchangeOutcome, of exchange: Exchange, replica: Int?, bytes: Int) {
        guard let log = loop.gateway.accessLog else { return }
        var line = begin(requestID: exchange.requestID, status: outcome.status, refusal: outcome.refusal)
        line += ",\"workload\":" + jsonString(exchange.workload.id)
        if let replica { line += ",\"replica\":\(replica)" }
        line += ",\"retries\":\(exchange.retries),\"bytesIn\":\(outcome.bodyBytes),\"bytesOut\":\(bytes)"
        line += ",\"promptTokens\":\(outcome.promptTokens),\"outputTokens\":\(outcome.outputTokens)"
        line += ",\"seconds\":\(rounded(outcome.durationSeconds))"
        if let seconds = outcome.firstTokenSeconds { line += ",\"firstTokenSeconds\":\(rounded(seconds))" }
        log.append(line + "}")
    }

    /// A request that went nowhere.
    func logRefusal(_ refusal: Refusal, requestID: String) {
        guard let log = loop.gateway.accessLog else { return }
        log.append(begin(requestID: requestID, status: refusal.status, refusal: refusal) + "}")
    }

    private func begin(requestID: String, status: Int, refusal: Refusal?) -> String {
        var line = "{\"time\":\(rounded(Clock.secondsSince1970)),\"request\":" + jsonString(requestID)
        line += ",\"client\":" + jsonString(clientAddress)
        if let tenant = request.tenant { line += ",\"tenant\":" + jsonString(tenant) }
        if let head = request.head {
            line += ",\"method\":" + jsonString(request.text(head.method))
            line += ",\"path\":" + jsonString(String(request.text(head.path).prefix(256)))
        }
        line += ",\"status\":\(status)"
        if let refusal { line += ",\"reason\":" + jsonString(refusal.rawValue) }
        return line
    }

    /// To the microsecond.
    private func rounded(_ seconds: Double) -> Double { (seconds * 1_000_000).rounded() / 1_000_000 }
}
