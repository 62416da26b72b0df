internal import Fleet

extension TidewayConfiguration {
    /// What holds after a reload: this configuration, except that settings whose change needs a restart keep the value that
    /// runs. So that nothing follows half of a change, a variant whose engine became another kind stays as it was as a whole.
    ///
    /// - Parameter running: what holds now.
    /// - Returns: differs from `running` in nothing that `ConfigurationChange` says needs a restart.
    package func reloaded(over running: TidewayConfiguration) -> TidewayConfiguration {
        var result = self
        keepRestartOnly(GeneralFields.all, in: &result, from: running)
        for index in result.workloads.indices {
            guard let known = running.workloads.first(where: { $0.id == result.workloads[index].id }) else { continue }
            result.workloads[index].keepUntilRestart(from: known)
        }
        return result
    }
}

extension WorkloadSettings {
    fileprivate mutating func keepUntilRestart(from running: WorkloadSettings) {
        keepRestartOnly(WorkloadFields.all, in: &self, from: running)
        for index in variants.indices.prefix(running.variants.count)
        where variants[index].engine.kind != running.variants[index].engine.kind {
            variants[index] = running.variants[index]
        }
    }
}

/// Gives the settings that need a restart the values that run.
private func keepRestartOnly<Root>(_ fields: [SettingField<Root>], in new: inout Root, from running: Root) {
    for field in fields where field.effect == .restart { field.write(&new, field.read(running)) }
}
