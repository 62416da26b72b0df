package import Backtest

/// A backtest as one page that opens from a file, without a network: charts, tables, settings.
package struct HTMLReport: Sendable {
    private let report: BacktestReport

    /// - Parameter report: what is shown. Runs without a timeline are missing in the charts over time only.
    package init(_ report: BacktestReport) { self.report = report }

    /// Writes the page.
    ///
    /// - Returns: the whole document.
    package func render() -> String {
        // The template's slots are comments, so that the template is a page of its own.
        let slots: [(name: String, text: String)] = [
            ("chart style", Self.text(PackageResources.uPlot_min_css)),
            ("style", Self.text(PackageResources.report_css)),
            ("data", HTMLReportData(report).value.compactText),
            ("chart licence", Self.text(PackageResources.uPlot_LICENSE_txt)),
            ("chart script", Self.text(PackageResources.uPlot_iife_min_js)),
            ("script", Self.text(PackageResources.report_js)),
        ]
        var rest = Substring(Self.text(PackageResources.report_html))
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
