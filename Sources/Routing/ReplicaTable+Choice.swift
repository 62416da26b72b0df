extension ReplicaTable {
    /// Whether the replica admits the request now: batch, memory and backlog.
    @inlinable
    @inline(__always)
    public func admits(_ claim: RequestClaim, _ slot: Int) -> Bool {
        let group = slot / ReplicaTable.lanes
        let lane = slot % ReplicaTable.lanes
        return claim.reservedTokens <= memoryRoom[group][lane] && claim.prefillTicks <= backlogRoom[group][lane]
    }

    /// The ready replica with the least outstanding tokens among those that admit the request; ties go to the lowest slot.
    /// Nil when none admits it.
    @inlinable
    @inline(__always)
    public func leastOutstanding(admitting claim: RequestClaim) -> Int? {
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
    @inline(__always)
    public func leastOutstanding() -> Int? {
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

    /// The slot of the smallest lane; among equal ones that of the lowest slot. Halves are folded onto each other.
    @inlinable
    @inline(__always)
    func lowestSlot(_ load: SIMD8<Int32>, _ group: SIMD8<Int32>) -> Int? {
        let slot = (group &<< 3) &+ SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7)
        var (load4, slot4) = (load.lowHalf, slot.lowHalf)
        let high4 = (load.highHalf .< load4) .| ((load.highHalf .== load4) .& (slot.highHalf .< slot4))
        load4.replace(with: load.highHalf, where: high4)
        slot4.replace(with: slot.highHalf, where: high4)
        var (best, bestSlot) = (load4[0], slot4[0])
        for lane in 1..<4 {
            let isBetter = load4[lane] < best || (load4[lane] == best && slot4[lane] < bestSlot)
            best = isBetter ? load4[lane] : best
            bestSlot = isBetter ? slot4[lane] : bestSlot
        }
        return best < Int32.max ? Int(bestSlot) : nil
    }

    /// The replica to drain: fewest outstanding tokens, ties go to the newest (reference plant, section 3).
    public func drainVictim() -> Int? {
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
