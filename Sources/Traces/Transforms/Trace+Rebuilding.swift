extension Trace {
    /// A trace of the requests that `body` keeps, as it changed them; sorted again where arrivals moved. `body` receives
    /// each request with its index, and says whether it is kept.
    func rebuilt(_ body: (_ index: Int, _ request: inout TraceBuilder.Request) -> Bool) -> Trace {
        var builder = TraceBuilder(columns: columns, workloadNames: workloadNames)
        for index in 0..<count {
            var request = request(index)
            if body(index, &request) { builder.append(request) }
        }
        return builder.finish(name: name)
    }
}
