/// A head that says whether its connection goes on.
protocol ConnectionHead {
    var keepsAlive: Bool { get set }
    /// A `Connection` header names fields besides the usual ones, which end here.
    var namesFields: Bool { get set }
}

extension ConnectionHead {
    /// Reads the value of a `Connection` header.
    mutating func readConnection(_ value: UnsafeRawBufferPointer) {
        if value.equalsIgnoringCase("keep-alive") {
            keepsAlive = true
        } else if value.equalsIgnoringCase("close") {
            keepsAlive = false
        } else {
            if containsToken(value, "close") { keepsAlive = false }
            namesFields = true
        }
    }
}
