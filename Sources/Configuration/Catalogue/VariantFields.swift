internal import Fleet

/// The keys of a variant and its engine.
enum VariantFields {
    static let all: [SettingField<VariantSettings>] = [
        SettingField<VariantSettings>(
            key: "id", kind: .text(.name), effect: .newReplicas, meaning: "Names the variant."
        ) {
            .text($0.id.description)
        } write: { root, value in
            if case .text(let text) = value { root.id = VariantID(text) }
        }.byDefault("the workload's id"),
        SettingField<VariantSettings>.text(
            "profile", .any, \.profile, .atOnce,
            "How fast a replica is: the name of a shipped [profile](profiles.md) (`tideway profile list`), or the path of a "
                + "file, which contains a `/` or ends in `.json` and starts at the configuration's folder."
        ).required,
        SettingField<VariantSettings>(
            key: "pool", kind: .text(.name), effect: .newReplicas,
            meaning: "The node pool that its replicas take accelerators from. Not for `static`."
        ) {
            $0.pool.map { .text($0.description) }
        } write: { root, value in
            if case .text(let text) = value { root.pool = NodePoolID(text) }
        }.byDefault("the only pool"),
        .integer(
            "accelerators_per_replica", 1...1024, \.acceleratorsPerReplica, .newReplicas,
            "Accelerators of one node that a replica occupies."),
        .integer("weight", 1...1000, \.weight, .atOnce, "The relative share in weighted round robin."),
    ]

    static let fixed: [SettingField<[String]>] = [
        SettingField<[String]>(
            key: "urls", kind: .texts(.url, countMax: 1000), effect: .atOnce, meaning: "Where the servers are."
        ) {
            .texts($0)
        } write: { root, value in
            if case .texts(let urls) = value { root = urls }
        }.required
    ]
}
