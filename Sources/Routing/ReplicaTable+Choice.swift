extension ReplicaTable {
    /// Whether the replica admits the request now: batch, memory and backlog.
    @inlinable
    package func admits(_ claim: RequestClaim, _ slot: Int) -> Bool {
        let group = slot / ReplicaTable.lanes
        let lane = slot % ReplicaTable.lanes
        return claim.reservedTokens <= memoryRoom[group][lane] && claim.prefillTicks <= backlogRoom[group][lane]
    }

    /// The ready replica with the least outstanding tokens among those that admit the request; ties go to the lowest slot.
    /// Nil when none admits it.
    @inlinable
    package func leastOutstanding(admitting claim: RequestClaim) -> Int? {
        let memory = SIMD8<Int32>(repeating: claim.reservedTokens)
        let work = SIMD8<Int32>(repeating: claim.prefillTicks)
        var best = SIMD8<Int32>(repeating: .max)
        var bestGroup = SIMD8<Int32>(repeating: -1)
        let groups = (slotCount + ReplicaTable.lanes - 1) / ReplicaTable.lanes
        for group in 0..<groups {
            let admits = (memory .<= memoryRoom[group]) .& (work .<= backlogRoom[group])
            let better = admits .& (load[group] .< best)
            best.replace(with: load[group], where: better)
            bestGroup.replace(with: Int32(truncatingIfNeeded: group), where: better)
        }
        return lowestSlot(best, bestGroup)
    }

    /// The ready replica with the least outstanding tokens, whether it admits anything or not; ties go to the lowest slot.
    @inlinable
    package func leastOutstanding() -> Int? {
        var best = SIMD8<Int32>(repeating: .max)
        var bestGroup = SIMD8<Int32>(repeating: -1)
        let groups = (slotCount + ReplicaTable.lanes - 1) / ReplicaTable.lanes
        for group in 0..<groups {
            let better = load[group] .< best
            best.replace(with: load[group], where: better)
            bestGroup.replace(with: Int32(truncatingIfNeeded: group), where: better)
        }
        return lowestSlot(best, bestGroup)
    }

    /// The slot of the smallest lane; among equal ones that of the lowest slot.
    @inlinable
    func lowestSlot(_ load: SIMD8<Int32>, _ group: SIMD8<Int32>) -> Int? {
        let least = load.min()
        guard least < Int32.max else { return nil }
        var slot = SIMD8<Int32>(repeating: .max)
        let lane = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7)
        slot.replace(with: (group &<< 3) &+ lane, where: load .== least)
        return Int(slot.min())
    }

    /// The replica to drain: fewest outstanding tokens, ties go to the newest (reference plant, section 3).
    package func drainVictim() -> Int? {
        var victim: Int?
        for slot in 0..<slotCount where slots[slot].isReady {
            guard let best = victim else {
                victim = slot
                continue
            }
            let challenger = (slots[slot].outstandingTokens, -slots[slot].startOrder)
            if challenger < (slots[best].outstandingTokens, -slots[best].startOrder) { victim = slot }
        }
        return victim
    }
}
