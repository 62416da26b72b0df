internal import Fleet

/// A key of the file, as it is documented.
package struct CatalogueKey: Hashable, Sendable {
    /// Full path; `[]` stands for each entry of a list: `workloads[].slo.ttft`.
    package let pattern: String
    package let kind: ValueKind
    package let isRequired: Bool
    /// As it would be written in the file; a note in words where it depends; nil when there is none.
    package let defaultText: String?
    /// The default can be written in the file as it stands.
    package let isDefaultWritable: Bool
    package let effect: ChangeEffect
    package let meaning: String
}

/// A part of the file that has keys of its own.
package struct CatalogueSection: Hashable, Sendable {
    /// Path of the part, empty for the top: `workloads[]`.
    package let pattern: String
    package let meaning: String
    package let keys: [CatalogueKey]
}

/// Every key that there is: what the reader accepts, what the documentation says, what a mistyped key is compared with.
package enum ConfigurationCatalogue {
    package static let sections: [CatalogueSection] = [
        CatalogueSection(
            pattern: "", meaning: "Outside all sections.", keys: general { !$0.contains(".") }),
        CatalogueSection(
            pattern: "workloads[]",
            meaning: "What is served to users under one name, and how. A list of at least one.",
            keys: keys(WorkloadFields.all, "workloads[].", default: WorkloadSettings(id: WorkloadID("")))),
        CatalogueSection(
            pattern: "workloads[].variants[]",
            meaning: "One way to run the workload. A list of exactly one, for now.",
            keys: keys(VariantFields.all, "workloads[].variants[].", default: .unset)),
        CatalogueSection(
            pattern: "workloads[].variants[].engine.processes",
            meaning:
                "Replicas are processes on this machine, which Tideway starts and stops. An `engine` is either this or "
                + "`static`.",
            keys: keys(
                ProcessFields.all, "workloads[].variants[].engine.processes.", default: ProcessSettings(command: []))),
        CatalogueSection(
            pattern: "workloads[].variants[].engine.static",
            meaning:
                "Servers that run already. Tideway watches them and routes to them; it starts and stops none, and the "
                + "workload's `replicas` are their number.",
            keys: keys(VariantFields.fixed, "workloads[].variants[].engine.static.", default: [])),
        CatalogueSection(
            pattern: "node_pools[]",
            meaning:
                "Equal nodes that replicas take accelerators from. Without this section there is one node with room for "
                + "all replicas, and a warning.",
            keys: keys(
                NodePoolFields.all, "node_pools[].",
                default: NodePoolSettings(id: NodePoolID(""), acceleratorsPerNode: 1))),
        CatalogueSection(
            pattern: "gateway", meaning: "Where requests come in.", keys: general { $0.hasPrefix("gateway.") }),
        CatalogueSection(
            pattern: "controller", meaning: "The loop that decides.", keys: general { $0.hasPrefix("controller.") }),
        CatalogueSection(
            pattern: PolicyFields.section,
            meaning:
                "Settings of the policy `tideway`, for all workloads. No one has to be set; `tideway tune` chooses some on "
                + "recorded traffic ([tuning](tuning.md)). After a change the policy begins to learn anew.",
            keys: general { $0.hasPrefix("\(PolicyFields.section).") }),
        CatalogueSection(
            pattern: "history", meaning: "What is remembered.", keys: general { $0.hasPrefix("history.") }),
        CatalogueSection(
            pattern: "telemetry", meaning: "What Tideway tells about itself.",
            keys: general { $0.hasPrefix("telemetry.") }),
    ]

    /// All keys, in the order of the documentation.
    package static let keys: [CatalogueKey] = sections.flatMap(\.keys)

    /// Parts that have to be there when what holds them is.
    static let requiredSections: Set<String> = [
        "workloads[]", "workloads[].variants[]", "workloads[].variants[].engine",
    ]

    /// Entries of a list at most.
    static let entryLimits = ["workloads[]": 1000, "workloads[].variants[]": 16, "node_pools[]": 100]

    private static func general(_ isIncluded: (String) -> Bool) -> [CatalogueKey] {
        keys(GeneralFields.all.filter { isIncluded($0.key) }, "", default: TidewayConfiguration())
    }

    private static func keys<Root>(
        _ fields: [SettingField<Root>], _ prefix: String, default root: Root
    ) -> [CatalogueKey] {
        fields.map { field in
            let value = field.isRequired ? nil : field.read(root)
            return CatalogueKey(
                pattern: prefix + field.key, kind: field.kind, isRequired: field.isRequired,
                defaultText: field.defaultNote ?? value?.description,
                isDefaultWritable: field.defaultNote == nil && value != nil, effect: field.effect,
                meaning: field.meaning)
        }
    }
}

extension VariantSettings {
    /// What a variant is before anything was read.
    static let unset = VariantSettings(id: VariantID(""), profile: "", engine: .fixed(urls: []))
}
