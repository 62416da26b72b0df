/// A page that opens from a file, without a network: the template's slots are comments, so that it is a page of its own.
enum PageTemplate {
    static func filled(_ template: [UInt8], data: JSONValue, script: [UInt8]) -> String {
        let slots: [(name: String, text: String)] = [
            ("chart style", text(PackageResources.uPlot_min_css)),
            ("style", text(PackageResources.report_css)),
            ("data", data.compactText),
            ("chart licence", text(PackageResources.uPlot_LICENSE_txt)),
            ("chart script", text(PackageResources.uPlot_iife_min_js)),
            ("script", text(script)),
        ]
        var rest = Substring(text(template))
        var page = ""
        for slot in slots {
            guard let range = rest.firstRange(of: "<!-- \(slot.name) -->") else {
                preconditionFailure("the template has no slot \"\(slot.name)\"")
            }
            page += rest[..<range.lowerBound] + slot.text
            rest = rest[range.upperBound...]
        }
        return page + rest
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
