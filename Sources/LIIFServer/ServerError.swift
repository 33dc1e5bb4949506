/// Why the server does not start.
public enum ServerError: Error, Equatable, CustomStringConvertible {
    /// There is nothing to serve.
    case noImages(paths: [String])
    /// A path does not exist or cannot be read.
    case unreadable(path: String)
    /// A named file is no picture that is read; the reason, its decoder's, names it.
    case notAnImage(reason: String)
    /// The model is an up-sampling module, which has no colours between its pixels.
    case fixedScale(Int)
    /// Its decoded pixels alone exceed the cache for them.
    case largerThanCache(path: String, bytes: Int, limit: Int)
    /// The address cannot be listened on.
    case cannotListen(host: String, port: Int, reason: String)

    /// A sentence that says what is wrong and what would be right.
    public var description: String {
        switch self {
        case .noImages(let paths):
            "\(paths.joined(separator: ", ")): there is no picture to serve; expected files or folders of pictures, or of "
                + ".liif files."
        case .unreadable(let path): "\(path): there is no such file or folder, or it cannot be read."
        case .notAnImage(let reason): reason
        case .fixedScale(let scale):
            "the model enlarges by \(scale) and nothing else (an up-sampling module); serve with a LIIF or MetaSR model."
        case .largerThanCache(let path, let bytes, let limit):
            "\(path): its pixels take \(Megabytes.count(holding: bytes)) MB, more than the "
                + "\(Megabytes.count(holding: limit)) MB for decoded pictures; raise --picture-cache."
        case .cannotListen(let host, let port, let reason):
            "\(host):\(port) cannot be listened on: \(reason); choose another --host or --port."
        }
    }
}
