import Foundation

/// Which addresses count as one client's.
package enum ClientNetwork {
    /// A name that all addresses of one client share.
    /// - Parameter address: An IP address as text.
    /// - Returns: Of IPv4 the address, also where IPv6 carries it (`::ffff:192.0.2.1`); of IPv6 the /64 network, the least that a
    ///   client is given; anything else as it is.
    package static func name(of address: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        if bytes[..<10].allSatisfy({ $0 == 0 }) && bytes[10] == 0xFF && bytes[11] == 0xFF {
            return bytes[12...].map { "\($0)" }.joined(separator: ".")
        }
        let groups = stride(from: 0, to: 8, by: 2).map { index in
            String(Int(bytes[index]) << 8 | Int(bytes[index + 1]), radix: 16)
        }
        return groups.joined(separator: ":") + "::/64"
    }
}
