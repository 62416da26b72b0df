internal import Fleet
internal import Runtime

extension ReplicaName {
    /// What its folder is called: letters, digits, "_", "-" and "." of its name, others as "%" and two hexadecimal digits.
    var folderName: String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.".utf8)
        let escaped = workload.description.utf8.map { byte -> String in
            plain.contains(byte) ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return escaped.joined() + "-\(replica.number)"
    }
}
