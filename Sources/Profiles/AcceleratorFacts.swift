/// What a fit takes for granted about an accelerator unless the user says otherwise.
package struct AcceleratorFacts: Sendable {
    /// A part of the names under which tables know it, in small letters.
    package var name: String
    package var memoryGibibytes: Double
    /// US dollars for an hour on demand: the median of the-full-stack/website's cloud offers of March 2025 (MIT). Nil where
    /// the list has none.
    package var pricePerHour: Double?

    /// Accelerators whose memory and price are known. Prices are medians of the column Per-GPU: A100 (80 GB) 33 offers, H100 of
    /// all forms 22 offers; the list has no H200.
    package static let all = [
        AcceleratorFacts(name: "a100", memoryGibibytes: 80, pricePerHour: 2.73),
        AcceleratorFacts(name: "h100", memoryGibibytes: 80, pricePerHour: 4.345),
        AcceleratorFacts(name: "h200", memoryGibibytes: 141, pricePerHour: nil),
    ]

    /// The facts of a table's hardware name, such as `Nvidia H100 GPU` or `h100_sxm`; nil when it is not known.
    package static func of(_ hardware: String) -> AcceleratorFacts? {
        // GH200 is another machine than an H200.
        guard !hardware.lowercased().contains("gh200") else { return nil }
        return all.first { hardware.lowercased().contains($0.name) }
    }
}
