/// Who is served next, and how many a replica runs at once.
public enum DispatchOrder: String, Hashable, Sendable, CaseIterable {
    /// First come, first served; a replica admits what its batch, memory and backlog allow.
    case fcfs
    /// Those whose first token can still be in time go first, the longest waiting of them before the others, and a replica
    /// takes in no more prefill than those that decode there can bear. The late are served when nobody else waits, and within
    /// a bound.
    case slo
}
