import HTTPTypes
import Hashing
import Hummingbird

/// A strong validator: equal tags mean equal bytes.
struct EntityTag: Sendable {
    /// With its quotation marks.
    let text: String

    /// - Parameter parts: All that the bytes depend on.
    init(_ parts: String...) {
        text = "\"" + SHA256.hexadecimal(of: parts.joined(separator: "\u{0}").utf8).prefix(24) + "\""
    }

    /// Whether the client has these bytes already (RFC 9110, §13.1.2).
    func isKnown(to request: Request) -> Bool {
        guard let known = request.headers[.ifNoneMatch] else { return false }
        return known.split(separator: ",").contains { part in
            var tag = part.drop { $0 == " " || $0 == "\t" }
            while tag.last == " " || tag.last == "\t" { tag.removeLast() }
            return tag == "*" || tag == text || tag == "W/" + text
        }
    }
}
