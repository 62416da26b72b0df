package import Fleet

/// What differs between the configuration that runs and one that was read again, and when each difference takes effect.
package struct ConfigurationChange: Hashable, Sendable {
    /// One key whose value differs.
    package struct Entry: Hashable, Sendable, CustomStringConvertible {
        /// Path with ids in place of numbers: `workloads[chat].slo.ttft`.
        package var key: String
        /// nil when the key had no value, or its section was not there.
        package var before: ConfigurationValue?
        package var after: ConfigurationValue?
        package var effect: ChangeEffect

        package var description: String {
            "\(key): \(before.map(\.description) ?? "none") -> \(after.map(\.description) ?? "none")"
        }
    }

    /// In the order of the new configuration, then what is gone.
    package private(set) var entries: [Entry] = []
    /// Workloads that were not there before; their keys are not among the entries.
    package private(set) var added: [WorkloadID] = []
    /// Workloads that are not there any more; their keys are not among the entries.
    package private(set) var removed: [WorkloadID] = []

    package var isEmpty: Bool { entries.isEmpty && added.isEmpty && removed.isEmpty }

    /// Entries that take effect then.
    package func entries(_ effect: ChangeEffect) -> [Entry] { entries.filter { $0.effect == effect } }

    /// - Parameters:
    ///   - old: what runs.
    ///   - new: what was read.
    package init(from old: TidewayConfiguration, to new: TidewayConfiguration) {
        let before = Set(old.workloads.map(\.id))
        let after = Set(new.workloads.map(\.id))
        added = new.workloads.map(\.id).filter { !before.contains($0) }
        removed = old.workloads.map(\.id).filter { !after.contains($0) }
        let kept = before.intersection(after)
        compare(FlatSettings(old, workloads: kept), FlatSettings(new, workloads: kept))
    }

    private mutating func compare(_ old: FlatSettings, _ new: FlatSettings) {
        let before = Dictionary(old.settings.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Set(new.settings.map(\.key))
        for setting in new.settings where before[setting.key]?.value != setting.value {
            entries.append(
                Entry(
                    key: setting.key, before: before[setting.key]?.value, after: setting.value, effect: setting.effect))
        }
        for setting in old.settings where !after.contains(setting.key) && setting.value != nil {
            entries.append(Entry(key: setting.key, before: setting.value, after: nil, effect: setting.effect))
        }
        passOverKeysOfOtherEngines()
    }
}

extension ConfigurationChange {
    /// An engine of another kind is one change, whatever its keys are; a variant that came or went has no change of engine.
    private mutating func passOverKeysOfOtherEngines() {
        let engines = entries.filter { $0.key.hasSuffix("].engine") }
        let switched = engines.filter { $0.before != nil && $0.after != nil }.map { $0.key + "." }
        entries.removeAll { entry in
            switched.contains { entry.key.hasPrefix($0) }
                || (entry.key.hasSuffix("].engine") && (entry.before == nil || entry.after == nil))
        }
    }
}

/// A configuration as a list of keys and values.
private struct FlatSettings {
    struct Setting {
        var key: String
        var value: ConfigurationValue?
        var effect: ChangeEffect
    }

    private(set) var settings: [Setting] = []

    init(_ configuration: TidewayConfiguration, workloads: Set<WorkloadID>) {
        add(GeneralFields.all, of: configuration, under: "")
        for workload in configuration.workloads where workloads.contains(workload.id) {
            add(workload, under: "workloads[\(workload.id)].")
        }
        for pool in configuration.nodePools {
            add(NodePoolFields.all, of: pool, under: "node_pools[\(pool.id)].")
        }
    }

    private mutating func add<Root>(_ fields: [SettingField<Root>], of root: Root, under prefix: String) {
        settings += fields.map { Setting(key: prefix + $0.key, value: $0.read(root), effect: $0.effect) }
    }

    private mutating func add(_ workload: WorkloadSettings, under prefix: String) {
        add(WorkloadFields.all, of: workload, under: prefix)
        for (index, variant) in workload.variants.enumerated() {
            let path = "\(prefix)variants[\(index)]."
            add(VariantFields.all, of: variant, under: path)
            settings.append(Setting(key: path + "engine", value: .text(variant.engine.kind), effect: .restart))
            switch variant.engine {
            case .processes(let processes): add(ProcessFields.all, of: processes, under: path + "engine.processes.")
            case .fixed(let urls): add(VariantFields.fixed, of: urls, under: path + "engine.static.")
            }
        }
    }
}
