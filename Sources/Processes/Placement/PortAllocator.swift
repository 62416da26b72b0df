internal import Glibc

/// Gives each replica a port of its own on 127.0.0.1.
///
/// Ports come from below the range that the system uses for outgoing connections, so that none is taken between the choice
/// and the moment when the replica listens. A port that came free is given again only after all others.
struct PortAllocator {
    private let range: Range<Int>
    private var next: Int
    private var taken: Set<Int> = []

    /// - Parameters:
    ///   - range: ports to give, within 1…65535.
    ///   - first: where to begin; taken modulo the size of the range.
    init(range: Range<Int> = PortAllocator.quietRange(), first: Int = 0) {
        precondition(!range.isEmpty && range.lowerBound > 0 && range.upperBound <= 65536, "ports run from 1 to 65535")
        self.range = range
        next = range.lowerBound + first % range.count
    }

    /// A port that nobody listens on; nil when there is none.
    mutating func allocate() -> Int? {
        for _ in range {
            let port = next
            next = next + 1 == range.upperBound ? range.lowerBound : next + 1
            if !taken.contains(port) && Self.isFree(port) {
                taken.insert(port)
                return port
            }
        }
        return nil
    }

    /// Takes the port of a replica that runs already.
    mutating func take(_ port: Int) { taken.insert(port) }

    mutating func release(_ port: Int) { taken.remove(port) }

    /// Ports from 20000 up to where those of outgoing connections begin; when they begin lower, ports from 20000 all the same.
    static func quietRange() -> Range<Int> {
        let text = fileText("/proc/sys/net/ipv4/ip_local_port_range") ?? ""
        let outgoing = text.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) } ?? 32768
        return 20_000..<(outgoing >= 21_000 && outgoing <= 65_536 ? outgoing : 32_768)
    }

    /// Whether a server could listen there now.
    static func isFree(_ port: Int) -> Bool {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return false }
        let listener = Descriptor(number)
        // As servers do: connections that are ending do not keep a port taken.
        var yes: Int32 = 1
        setsockopt(listener.number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let isBound = withLoopbackAddress(port: port) { bind(listener.number, $0, $1) == 0 }
        return isBound && listen(listener.number, 1) == 0
    }
}

/// Calls `body` with the address 127.0.0.1 and a port as the socket calls take it.
func withLoopbackAddress<Result>(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
}
