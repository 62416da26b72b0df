/// The keys outside workloads and pools.
enum GeneralFields {
    static let all = top + gateway + controller + PolicyFields.all

    private static let top: [SettingField<TidewayConfiguration>] = [
        .text(
            "state_folder", .any, \.stateFolder, .restart,
            "Folder of the journal, the sockets and the replicas' working folders. A relative path starts at the "
                + "configuration's folder."),
        .integer(
            "history.decisions", 100...10_000_000, \.controller.historyLimit, .restart, "Decisions kept in the journal."
        ),
        .choice(
            "telemetry.log_level", \.telemetry.logLevel, .restart,
            "What is logged to standard error: this and what is more important."),
    ]

    private static let controller: [SettingField<TidewayConfiguration>] = [
        .choice(
            "controller.mode", \.controller.mode, .atOnce,
            "`observe` decides and records, `advise` also says what it would do, `act` starts and stops replicas."),
        .text(
            "controller.policy", .any, \.controller.policy, .atOnce,
            "The rule that decides how many replicas are desired ([policies](policies.md))."),
        .duration(
            "controller.shutdown_deadline", .zero ... .seconds(86_400), \.controller.shutdownDeadline, .atOnce,
            "On a stop, replicas have this long to finish what they have."),
    ]

    private static let gateway: [SettingField<TidewayConfiguration>] = [
        SettingField(
            key: "gateway.listen", kind: .text(.address), effect: .restart,
            meaning: "Where requests are accepted. Port 0 takes a free one, which is printed."
        ) {
            .text("\(ListenAddress(host: $0.gateway.host, port: $0.gateway.port))")
        } write: { root, value in
            guard case .text(let text) = value, let address = ListenAddress(text) else { return }
            root.gateway.host = address.host
            root.gateway.port = address.port
        },
        .integer("gateway.threads", 1...256, \.gateway.threads, .restart, "Event loops that serve connections."),
        .integer(
            "gateway.connections", 1...1_000_000, \.gateway.connectionLimit, .atOnce,
            "Connections of clients at once; more are refused."),
        .size(
            "gateway.header_limit", 1 << 10...1 << 20, \.gateway.headerByteLimit, .atOnce,
            "The headers of a request at most."),
        .size(
            "gateway.body_limit", 1 << 10...1 << 34, \.gateway.bodyByteLimit, .atOnce, "The body of a request at most."
        ),
        .duration(
            "gateway.receive_deadline", .milliseconds(100) ... .seconds(3600), \.gateway.receiveDeadline, .atOnce,
            "From the first byte of a request to the end of its headers, and then at most between two parts of its body."
        ),
        .duration(
            "gateway.first_byte_deadline", .milliseconds(100) ... .seconds(86_400), \.gateway.firstByteDeadline,
            .atOnce,
            "From the dispatch of a request to the first byte of its answer."),
        .duration(
            "gateway.progress_deadline", .milliseconds(100) ... .seconds(86_400), \.gateway.progressDeadline, .atOnce,
            "An answer that makes no progress for so long is cut."),
        .duration(
            "gateway.idle_time", .seconds(1) ... .seconds(86_400), \.gateway.connectionIdleTime, .atOnce,
            "A connection without a request is closed after this time."),
        .optionalText(
            "gateway.access_log", .any, \.gateway.accessLog, .restart,
            "File that gets one line of JSON per request; `-` is standard output."),
        .optionalText(
            "gateway.api_keys_file", .any, \.gateway.apiKeysFile, .atOnce,
            "File with a line `KEY TENANT` for each API key ([below](#api-keys)). Without this key and the next, "
                + "everybody may ask."),
        .optionalText(
            "gateway.api_keys_variable", .variable, \.gateway.apiKeysVariable, .atOnce,
            "Environment variable that holds `KEY=TENANT` pairs separated by commas."),
    ]
}
