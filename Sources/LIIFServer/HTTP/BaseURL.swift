import HTTPTypes
import Hummingbird
import IIIF

extension ServerOptions {
    /// Where a browser on this machine finds what listens on an address, without a slash at its end. The colons of IPv6
    /// are told from the port's by brackets.
    package static func url(host: String, port: Int) -> String {
        "http://" + (host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host) + ":\(port)"
    }
}

extension Request {
    /// Scheme and host as the client sees them. A Host header is believed as far as it looks like one: it goes into
    /// info.json and into headers.
    func baseURL(_ options: ServerOptions) -> String {
        if let url = options.publicURL { return url }
        let host = head.authority ?? ""
        let isSound =
            !host.isEmpty && host.utf8.count <= 255
            && host.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "-"),
                    UInt8(ascii: "_"),
                    UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
                    true
                default: false
                }
            }
        return isSound ? "http://" + host : ServerOptions.url(host: options.host, port: options.port)
    }

    /// An image service's URI.
    func serviceURL(_ version: APIVersion, _ identifier: String, _ options: ServerOptions) -> String {
        "\(baseURL(options))/iiif/\(version.rawValue)/\(URIPath.encoded(identifier))"
    }
}
