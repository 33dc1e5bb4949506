import Foundation
import HTTPTypes
import Hummingbird
import IIIF
import NIOCore

extension ServerOptions {
    /// Where a browser on this machine finds what listens on an address, without a slash at its end. The colons of IPv6
    /// are told from the port's by brackets.
    package static func url(host: String, port: Int) -> String {
        "http://" + (host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host) + ":\(port)"
    }

    /// What clients see before the path, from what a user has written: without slashes at its end.
    /// - Returns: nil for what is no http or https URL with a host, and for one with a query or a fragment, behind which no
    ///   path could follow.
    package static func publicURL(from text: String) -> String? {
        guard text.hasPrefix("http://") || text.hasPrefix("https://"),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !text.contains(where: { "\"<>\\?#".contains($0) }),
            let host = URLComponents(string: text)?.host, !host.isEmpty
        else { return nil }
        var url = text[...]
        while url.last == "/" { url.removeLast() }
        return String(url)
    }

    /// `Vary` of an answer that holds a service's URI, in a header or in its body: a cache that lies in between must not give
    /// others what was made for another Host.
    /// - Parameter others: Further headers of requests on which the answer depends.
    /// - Returns: nil where it depends on none.
    func vary(_ others: String...) -> String? {
        let names = others + (publicURL == nil ? ["Host"] : [])
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }
}

extension Request {
    /// Scheme and host as the client sees them. A Host header is believed as far as it looks like one: it goes into
    /// info.json and into headers. Without one it is the address that the client has reached.
    func baseURL(_ options: ServerOptions, _ context: ServerContext) -> String {
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
        if isSound { return "http://" + host }
        let address = context.channel.localAddress
        return ServerOptions.url(
            host: address?.ipAddress ?? options.host, port: address?.port ?? options.port)
    }

    /// An image service's URI.
    func serviceURL(
        _ version: APIVersion, _ identifier: String, _ options: ServerOptions, _ context: ServerContext
    ) -> String {
        "\(baseURL(options, context))/iiif/\(version.rawValue)/\(URIPath.encoded(identifier))"
    }
}
