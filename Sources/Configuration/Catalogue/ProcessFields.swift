/// The keys of an engine that starts processes.
enum ProcessFields {
    static let all = program + times + limits

    private static let program: [SettingField<ProcessSettings>] = [
        SettingField<ProcessSettings>(
            key: "command", kind: .command, effect: .newReplicas,
            meaning:
                "The program and its arguments, as a list or as one text that is split at spaces outside quotes; no shell "
                + "reads it. `{port}`, `{replica}`, `{workload}` and `{folder}` are replaced. A program that is a relative path "
                + "with a `/` starts at the configuration's folder."
        ) {
            .texts($0.command)
        } write: { root, value in
            if case .texts(let words) = value { root.command = words }
        }.required,
        SettingField<ProcessSettings>(
            key: "environment", kind: .pairs(countMax: 1000), effect: .newReplicas,
            meaning: "Environment variables besides Tideway's own; the same placeholders are replaced in values."
        ) {
            .pairs($0.environment)
        } write: { root, value in
            if case .pairs(let pairs) = value { root.environment = pairs }
        }.byDefault("none"),
        .optionalText(
            "working_folder", .any, \.workingFolder, .newReplicas,
            "Where the program runs; a relative path starts at the configuration's folder."
        ).byDefault("one of each replica's own under `state_folder`"),
        .text(
            "readiness_path", .path, \.readinessPath, .newReplicas, "Path that answers 200 once the replica is ready."),
    ]

    private static let dayLong: ClosedRange<Duration> = .milliseconds(100) ... .seconds(86_400)

    private static let times: [SettingField<ProcessSettings>] = [
        .duration(
            "readiness_interval", .milliseconds(10) ... .seconds(60), \.readinessInterval, .newReplicas,
            "Time between two questions whether it is ready."),
        .duration(
            "start_deadline", dayLong, \.startDeadline, .newReplicas, "A start that takes longer has failed."),
        .duration(
            "expected_start_up", .milliseconds(1) ... .seconds(86_400), \.expectedStartUp, .atOnce,
            "What a start is expected to take, until some were measured."),
        .duration(
            "drain_deadline", dayLong, \.drainDeadline, .newReplicas,
            "A drain that takes longer ends with the process all the same."),
        .duration(
            "stop_deadline", .milliseconds(10) ... .seconds(3600), \.stopDeadline, .newReplicas,
            "Time between SIGTERM and SIGKILL."),
    ]

    private static let limits: [SettingField<ProcessSettings>] = [
        SettingField(
            key: "memory_limit", kind: .size(1 << 20...1 << 44), effect: .newReplicas,
            meaning: "Memory of a replica at most."
        ) {
            $0.memoryLimit.map { .bytes($0) }
        } write: { root, value in
            if case .bytes(let bytes) = value { root.memoryLimit = bytes }
        },
        SettingField(
            key: "cpu_limit", kind: .number(0.01...4096), effect: .newReplicas, meaning: "Cores of a replica at most."
        ) {
            $0.cpuLimit.map { .number($0) }
        } write: { root, value in
            if case .number(let cores) = value { root.cpuLimit = cores }
        },
        .size(
            "log_file_limit", 4 << 10...1 << 34, \.logFileLimit, .newReplicas,
            "A log file of a replica that grows beyond this is rotated."),
        .integer("log_files", 1...100, \.logFileCount, .newReplicas, "Log files of a replica that are kept."),
    ]
}
