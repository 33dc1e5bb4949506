import Files

/// A file that is served.
struct ServedImage: Sendable {
    /// Its name in URIs, percent-decoded.
    let identifier: String
    /// Where it lies; never part of an answer.
    let path: String
    /// Its extent in pixels.
    let width, height: Int
    /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
    let channels: Int
    /// Whether it is a `.liif` file rather than a picture.
    let isFeatureFile: Bool
    /// Of the file as it was at the start (`FileState`).
    let fingerprint: String

    /// What is read from the file, which must be what it was at the start: entity tags and kept tiles speak of that.
    /// - Throws: `ImageChanged`, or what `body` throws for a file that has not changed.
    func read<Value>(_ body: (_ path: String) throws -> Value) throws -> Value {
        let result = Result { try body(path) }
        guard FileState(path)?.fingerprint == fingerprint else { throw ImageChanged(path: path) }
        return try result.get()
    }
}

/// A served file is no longer what it was at the start.
struct ImageChanged: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): the file has changed since the server started; start it again." }
}
