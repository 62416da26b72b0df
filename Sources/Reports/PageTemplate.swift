/// A page that opens from a file, without a network: one frame, and what each kind of page puts into its slots.
struct PageTemplate {
    /// What the page is about, in a word.
    let kind: String
    let body: [UInt8]
    let script: [UInt8]
    /// Elements at the end of the bar on top.
    var bar = ""
    /// Whether it draws charts over time, which takes a library.
    var hasTimeCharts = true

    func filled(_ data: JSONValue) -> String {
        let slots: [(name: String, text: String)] = [
            ("kind", kind),
            ("chart style", hasTimeCharts ? "<style>\(text(PackageResources.uPlot_min_css))</style>" : ""),
            ("style", text(PackageResources.report_css)),
            ("name", kind),
            ("bar", bar),
            ("body", text(body)),
            ("footer", hasTimeCharts ? " Charts over time: uPlot 1.6.32, © Leon Sorokin, MIT licence." : ""),
            ("data", data.compactText),
            ("chart script", hasTimeCharts ? chartScript : ""),
            ("shared script", text(PackageResources.page_js)),
            ("script", text(script)),
        ]
        var rest = Substring(text(PackageResources.page_html))
        var page = ""
        for slot in slots {
            guard let range = rest.firstRange(of: "<!-- \(slot.name) -->") else {
                preconditionFailure("the frame has no slot \"\(slot.name)\"")
            }
            page += rest[..<range.lowerBound] + slot.text
            rest = rest[range.upperBound...]
        }
        return page + rest
    }

    private var chartScript: String {
        "<script>\n/*\n\(text(PackageResources.uPlot_LICENSE_txt))*/\n\(text(PackageResources.uPlot_iife_min_js))</script>"
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
