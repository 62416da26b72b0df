import Fleet
import Testing

struct IdentifiersTests {
    /// Names decide ties, so their order must not depend on a locale.
    @Test func names_sorted_areInOrderOfTheirCharacters() {
        #expect(["b", "a", "B", "a-2"].map(WorkloadID.init).sorted().map(\.description) == ["B", "a", "a-2", "b"])
        #expect(VariantID("70b-h100x4") < VariantID("8b-a100"))
        #expect(NodePoolID("east") < NodePoolID("west"))
    }

    /// By number, not by text: 10 comes after 9.
    @Test func replicas_sorted_areOldestFirst() {
        #expect([10, 9, 100].map(ReplicaID.init).sorted().map(\.number) == [9, 10, 100])
    }

    @Test func names_equal_areOneKey() {
        #expect(Set([WorkloadID("a"), WorkloadID("a"), WorkloadID("b")]).count == 2)
    }
}
