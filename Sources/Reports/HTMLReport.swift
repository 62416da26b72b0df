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
        PageTemplate.filled(
            PackageResources.report_html, data: HTMLReportData(report).value, script: PackageResources.report_js)
    }
}
