internal import Fleet

/// The keys of a node pool.
enum NodePoolFields {
    static let all: [SettingField<NodePoolSettings>] = [
        SettingField<NodePoolSettings>(
            key: "id", kind: .text(.name), effect: .atOnce, meaning: "Names the pool."
        ) {
            .text($0.id.description)
        } write: { root, value in
            if case .text(let text) = value { root.id = NodePoolID(text) }
        }.required,
        SettingField(
            key: "accelerator", kind: .text(.any), effect: .atOnce, meaning: "What its accelerators are called."
        ) {
            .text($0.acceleratorType.description)
        } write: { root, value in
            if case .text(let text) = value { root.acceleratorType = AcceleratorType(text) }
        },
        .integer("nodes", 1...100_000, \.nodeCount, .atOnce, "How many nodes it has."),
        SettingField<NodePoolSettings>.integer(
            "accelerators_per_node", 1...1024, \.acceleratorsPerNode, .atOnce,
            "Accelerators of each node. A replica lies whole on one node."
        ).required,
        SettingField(
            key: "price_per_accelerator_hour", kind: .number(0...1_000_000), effect: .atOnce,
            meaning: "What one accelerator costs for an hour, in your currency."
        ) {
            $0.price.map { .number($0.perAcceleratorHour) }
        } write: { root, value in
            if case .number(let price) = value { root.price = Price(perAcceleratorHour: price) }
        },
    ]
}
