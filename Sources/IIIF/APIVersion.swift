/// A version of the IIIF Image API; they differ in the size parameter, the canonical form and info.json.
public enum APIVersion: Int, Sendable, CaseIterable {
    /// Image API 2.1.
    case two = 2
    /// Image API 3.0.
    case three = 3

    /// The JSON-LD context of info.json.
    public var context: String { "http://iiif.io/api/image/\(rawValue)/context.json" }

    /// What a response's profile link names: the compliance level that is met.
    public var profile: String { "http://iiif.io/api/image/\(rawValue)/level2.json" }
}
