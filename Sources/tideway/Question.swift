/// Asks the person at the terminal.
enum Question {
    private static let attemptsMax = 5

    /// - Parameters:
    ///   - question: without the colon.
    ///   - standard: what an empty answer means; nil where an answer is needed.
    /// - Returns: the answer, never empty.
    /// - Throws: `CommandError` when the input ends, or there is no answer after some attempts.
    static func ask(_ question: String, default standard: String?) throws -> String {
        for _ in 0..<attemptsMax {
            print(question + (standard.map { " [\($0)]" } ?? ""), terminator: ": ")
            guard let line = readLine() else { break }
            let answer = line.trimmingSpaces()
            if !answer.isEmpty { return answer }
            if let standard { return standard }
        }
        throw CommandError("No answer, and nothing was written: tideway init --help lists the options to give instead.")
    }

    /// Asks for a whole number; the least one where the answer is empty.
    static func number(_ question: String, _ range: ClosedRange<Int>) throws -> Int {
        for _ in 0..<attemptsMax {
            let answer = try ask(question, default: "\(range.lowerBound)")
            if let number = Int(answer), range.contains(number) { return number }
            print("Write a whole number within \(range.lowerBound)…\(range.upperBound).")
        }
        throw CommandError("No number, and nothing was written: tideway init --help lists the options to give instead.")
    }
}

extension String {
    fileprivate func trimmingSpaces() -> String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
