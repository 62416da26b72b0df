/// Rows of cells as lines: the first column to the left, the others to the right.
enum TextTable {
    /// Pads the cells of each column to one width.
    ///
    /// - Parameter rows: at least one, each with as many cells.
    /// - Returns: a line a row.
    static func lines(_ rows: [[String]]) -> [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { index, cell in
                let pad = String(repeating: " ", count: widths[index] - cell.count)
                return index == 0 ? cell + pad : "  " + pad + cell
            }.joined()
        }
    }
}
