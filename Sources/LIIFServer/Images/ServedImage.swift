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
    /// Changes when the file does: its size and its time.
    let fingerprint: String

    /// Memory that its decoded pixels take.
    var byteCount: Int { width * height * channels }
}
