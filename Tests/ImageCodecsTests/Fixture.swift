import Foundation
import Testing

/// Files that Scripts/make-imaging-fixtures.py made with Pillow.
enum Fixture {
    static func path(_ name: String) throws -> String {
        try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures")).path
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: try path(name))))
    }

    /// Every fixture with the samples beside it, and its shape.
    static let decodable: [(name: String, channels: Int, bits: Int)] = [
        ("rgb.png", 3, 8), ("grey.png", 1, 8), ("interlaced.png", 3, 8), ("alpha.png", 4, 8),
        ("grey-alpha.png", 2, 8),
        ("palette.png", 3, 8), ("palette-transparent.png", 4, 8), ("bilevel.png", 1, 8), ("deep.png", 3, 16),
        ("rgb-420.jpg", 3, 8), ("rgb-422.jpg", 3, 8), ("rgb-444.jpg", 3, 8), ("progressive.jpg", 3, 8),
        ("grey.jpg", 1, 8),
    ]
    static let width = 37
    static let height = 31
}

/// A folder of its own, removed in the end.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/ImageCodecsTests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// All names in the folder, hidden ones too.
    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

    func file(_ name: String) -> String { path + "/" + name }

    /// Writes a file and gives its path.
    func file(_ name: String, containing bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }
}
