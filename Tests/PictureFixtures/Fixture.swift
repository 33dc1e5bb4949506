import Foundation
package import ImageCodecs
import Testing

/// Files that Scripts/make-imaging-fixtures.py and Scripts/make-format-fixtures.py made with Pillow, libtiff's tools
/// and libjxl's.
package enum Fixture {
    package static func path(_ name: String) throws -> String {
        try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures")).path
    }

    package static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: try path(name))))
    }

    /// A picture with its samples beside it. `tolerance` is what converted colours may differ by, in levels of the
    /// depth: other versions of lcms round otherwise.
    package struct Picture: Sendable {
        package let name: String
        package let channels: Int
        package let bits: Int
        package let tolerance: Int
        package let format: ImageFormat

        init(_ name: String, _ channels: Int, _ bits: Int, tolerance: Int = 0) {
            self.name = name
            self.channels = channels
            self.bits = bits
            self.tolerance = tolerance
            format = ImageFormat(pathExtension: name)!
        }
    }

    package static let decodable: [Picture] = [
        Picture("rgb.png", 3, 8), Picture("grey.png", 1, 8), Picture("interlaced.png", 3, 8),
        Picture("alpha.png", 4, 8), Picture("grey-alpha.png", 2, 8), Picture("palette.png", 3, 8),
        Picture("palette-transparent.png", 4, 8), Picture("bilevel.png", 1, 8), Picture("deep.png", 3, 16),
        Picture("rgb-420.jpg", 3, 8), Picture("rgb-422.jpg", 3, 8), Picture("rgb-444.jpg", 3, 8),
        Picture("progressive.jpg", 3, 8), Picture("grey.jpg", 1, 8),
        Picture("strips-lzw.tif", 3, 8), Picture("big-tiles-zstd.tif", 3, 8), Picture("tiles-16.tif", 3, 16),
        Picture("planes-tiles.tif", 3, 8), Picture("planes-strips.tif", 3, 8),
        Picture("big-endian-16.tif", 3, 16),
        Picture("grey-alpha-16.tif", 2, 16), Picture("white-is-zero.tif", 1, 8),
        Picture("straight.tif", 4, 8),
        Picture("premultiplied.tif", 4, 8), Picture("palette.tif", 3, 8), Picture("fax.tif", 1, 8),
        Picture("jpeg.tif", 3, 8), Picture("lossy.webp", 3, 8), Picture("lossless.webp", 4, 8),
        Picture("lossy.jxl", 3, 8, tolerance: 1), Picture("progressive.jxl", 3, 8, tolerance: 1),
        Picture("lossless.jxl", 4, 8), Picture("grey.jxl", 1, 8), Picture("grey-alpha.jxl", 2, 8),
        Picture("deep.jxl", 3, 16),
        Picture("inks.jpg", 3, 8, tolerance: 1), Picture("inks-profile.jpg", 3, 8, tolerance: 2),
        Picture("inks-profile.tif", 3, 8, tolerance: 2), Picture("inks-16.tif", 3, 16, tolerance: 1),
    ]
    package static let width = 37
    package static let height = 31
}
