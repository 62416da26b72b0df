/// Does work side by side, and shows how far it is.
struct ParallelWork: Sendable {
    /// Pieces at a time, at least 1.
    let jobs: Int
    let progress: ProgressBar

    /// Maps; results keep the order of the inputs. The first error ends it. `name` says what an input's work is.
    func map<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], name: (Input) -> String, body: @escaping @Sendable (Input) throws -> Output
    ) async throws -> [Output] {
        progress.expect(inputs.count)
        let names = inputs.map(name)
        let step: @Sendable (Int) throws -> (Int, Output) = { [progress] index in
            progress.begin(names[index])
            return (index, try body(inputs[index]))
        }
        return try await withThrowingTaskGroup(of: (Int, Output).self) { group in
            var outputs = [Output?](repeating: nil, count: inputs.count)
            var next = 0
            while next < min(jobs, inputs.count) {
                let index = next
                group.addTask { try step(index) }
                next += 1
            }
            while let (done, output) = try await group.next() {
                outputs[done] = output
                progress.advance(names[done])
                guard next < inputs.count else { continue }
                let index = next
                group.addTask { try step(index) }
                next += 1
            }
            return outputs.compactMap { $0 }
        }
    }
}
