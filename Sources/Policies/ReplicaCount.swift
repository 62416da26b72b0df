extension Int {
    /// Below this share of a replica, an excess is rounding and not load.
    private static var replicaTolerance: Double { 1e-9 }

    /// The replicas that carry a load given in replicas: the next whole number, at least 0.
    ///
    /// 2.000000000001 is the 2 of a sum that was rounded, so it stays 2.
    init(covering load: Double) {
        precondition(!load.isNaN, "a load is a number")
        self = Int(Swift.min(Swift.max((load - Int.replicaTolerance).rounded(.up), 0), 1e9))
    }
}
