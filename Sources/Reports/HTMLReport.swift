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
        PageTemplate(
            kind: "backtest", body: PackageResources.report_html, script: PackageResources.report_js,
            bar: #"<div id="traces" class="tabs" role="tablist" aria-label="Trace"></div>"#
        ).filled(HTMLReportData(report).value)
    }
}
