/// Why a request cannot be answered with an image: its HTTP status and a sentence for the person who made it.
public enum IIIFError: Error, Equatable, CustomStringConvertible {
    /// 400: the request breaks the syntax, or asks for something beyond the image or the server's limits.
    case badRequest(String)
    /// 404: nothing of that name is served.
    case notFound(String)

    /// The HTTP status that the specification asks for (Image API 3.0, §7.3).
    public var status: Int {
        switch self {
        case .badRequest: 400
        case .notFound: 404
        }
    }

    /// The sentence.
    public var description: String {
        switch self {
        case .badRequest(let reason), .notFound(let reason): reason
        }
    }
}
