import Files
import Foundation

/// A path as file systems compare it: by its bytes, where Swift holds `é` and `e` with an accent to be equal; on macOS, whose file
/// systems do so too, by its characters.
struct PathKey: Hashable {
    private let bytes: [UInt8]

    init(_ path: String) {
        #if canImport(Darwin)
            bytes = Array(path.precomposedStringWithCanonicalMapping.utf8)
        #else
            bytes = Array(path.utf8)
        #endif
    }
}

extension PathName {
    /// Whether a path from the system was not UTF-8: its bytes are lost then, and nothing can be opened by it.
    static func isLost(_ path: String) -> Bool {
        path.unicodeScalars.contains("\u{FFFD}") && FileIdentity(path) == nil
    }
}
