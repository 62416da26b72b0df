/// Where a table of requests keeps what.
struct RequestColumns {
    /// What a column holds.
    enum Role: String {
        case timestamp, promptTokens, outputTokens, uncachedTokens, workload, session
    }

    /// The role of each column, by position; nil for columns that are not read. Ends with the last one that is.
    private(set) var roles: [Role?] = []
    /// Names by position.
    let header: TableHeader
    let format: TraceFormat

    /// Finds the columns of a header; `format` is azure, burstgpt or csv.
    init(header: TableHeader, format: TraceFormat) {
        self.header = header
        self.format = format
        for role in [Role.timestamp, .promptTokens, .outputTokens, .uncachedTokens, .workload, .session] {
            guard let index = header.index(of: Self.names(of: role, format: format)) else { continue }
            while roles.count <= index { roles.append(nil) }
            roles[index] = role
        }
    }

    func contains(_ role: Role) -> Bool { roles.contains(role) }

    func name(at index: Int) -> String { header.names[index] }

    /// The optional columns of the trace.
    var traceColumns: TraceColumns {
        var columns: TraceColumns = []
        if contains(.uncachedTokens) { columns.insert(.uncachedTokens) }
        if contains(.workload) { columns.insert(.workload) }
        if contains(.session) { columns.insert(.session) }
        return columns
    }

    /// Accepted names, the preferred one first; case, blanks, underscores and hyphens do not matter.
    static func names(of role: Role, format: TraceFormat) -> [String] {
        switch (format, role) {
        case (.azure, .timestamp), (.burstgpt, .timestamp): ["timestamp"]
        case (.azure, .promptTokens): ["ContextTokens"]
        case (.azure, .outputTokens): ["GeneratedTokens"]
        case (.azure, _): []
        case (.burstgpt, .promptTokens): ["Request tokens"]
        case (.burstgpt, .outputTokens): ["Response tokens"]
        case (.burstgpt, .workload): ["Model"]
        case (.burstgpt, .session): ["Session ID"]
        case (.burstgpt, .uncachedTokens): []
        case (_, .timestamp):
            ["timestamp", "time", "arrival", "arrival_time", "arrived_at", "timestamp_s", "time_s", "timestamp_utc"]
        case (_, .promptTokens):
            [
                "prompt_tokens", "input_tokens", "context_tokens", "request_tokens", "input_length", "prompt_length",
                "num_prefill_tokens",
            ]
        case (_, .outputTokens):
            [
                "output_tokens", "generated_tokens", "completion_tokens", "response_tokens", "output_length",
                "num_decode_tokens",
            ]
        case (_, .uncachedTokens): ["uncached_prompt_tokens", "uncached_tokens"]
        case (_, .workload): ["workload", "model", "service"]
        case (_, .session): ["session", "session_id", "conversation_id"]
        }
    }

    /// Checks that everything needed is there or filled in by the options.
    func validate(file: String, options: TraceReadingOptions) throws(TraceError) {
        if !contains(.timestamp) {
            throw missing(.timestamp, file: file, remedy: "Name the column of arrivals timestamp.")
        }
        let lacksPrompt = !contains(.promptTokens) && options.promptTokens == nil && options.assumedLengths == nil
        let lacksOutput = !contains(.outputTokens) && options.outputTokens == nil && options.assumedLengths == nil
        guard lacksPrompt || lacksOutput else { return }
        let wanted = [lacksPrompt ? "--prompt-tokens N" : nil, lacksOutput ? "--output-tokens N" : nil].compactMap {
            $0
        }
        throw missing(
            lacksPrompt ? .promptTokens : .outputTokens, file: file,
            remedy: "Give every request a length with \(wanted.joined(separator: " and ")), or rename the column.")
    }

    private func missing(_ role: Role, file: String, remedy: String) -> TraceError {
        let names = Self.names(of: role, format: format)
        let others = names.count > 1 ? "; also understood: \(names.dropFirst().joined(separator: ", "))" : ""
        return TraceError(
            .missingColumn, file: file, line: 1,
            problem: "no column \(names[0]) (found \(header.description)\(others))", remedy: remedy)
    }
}
