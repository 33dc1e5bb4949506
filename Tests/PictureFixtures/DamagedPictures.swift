/// Files that are broken on purpose, the same in every run.
package enum DamagedPictures {
    /// Files that must be refused.
    package static func handMade() throws -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = []
        func add(_ title: String, _ bytes: [UInt8]) { files.append((title, bytes)) }
        add("nothing", [])
        add("one byte", [0x89])
        for (name, magic) in [
            ("PNG", PNGChunks.signature), ("JPEG", [0xFF, 0xD8, 0xFF]), ("TIFF", Array("II*\0".utf8)),
            ("BigTIFF", Array("MM\0+".utf8)), ("WebP", Array("RIFF\u{4}\0\0\0WEBP".utf8)),
            ("JPEG XL", [0xFF, 0x0A]),
            ("JPEG XL in boxes", [0, 0, 0, 12] + Array("JXL \r\n".utf8) + [0x87, 0x0A]),
        ] {
            add("\(name)'s first bytes", magic)
            add("\(name)'s first bytes and zeros", magic + [UInt8](repeating: 0, count: 100))
            add("\(name)'s first bytes and ones", magic + [UInt8](repeating: 0xFF, count: 100))
        }
        add("PNG bomb", PNGChunks.header(width: 60000, height: 60000))
        add("PNG of the greatest extent", PNGChunks.header(width: 0x7FFF_FFFF, height: 0x7FFF_FFFF))
        add("PNG without data", PNGChunks.header(width: 50, height: 50))
        for (title, changes) in [
            ("no width", [256: nil]), ("width 0", [256: 0]), ("height 0", [257: 0]),
            ("bomb", [256: 1 << 30, 257: 1 << 30]), ("more rows than data", [257: 1 << 20, 278: 1 << 20]),
            ("strip behind the end", [273: 1 << 30]),
            ("no strips", [273: nil]), ("no sizes and no data", [279: nil, 273: 1 << 20]),
            ("64 bits", [258: 64]), ("0 bits", [258: 0]), ("3 bits", [258: 3]),
            ("floats", [339: 3, 258: 32]),
            ("signed samples", [339: 2]), ("60000 samples", [277: 60000]), ("no samples", [277: 0]),
            ("unknown compression", [259: 777]), ("deflate of noise", [259: 8]), ("LZW of noise", [259: 5]),
            ("JPEG of noise", [259: 7]), ("fax of noise and 8 bits", [259: 4]),
            ("zstd of noise", [259: 50000]),
            ("L*a*b*", [262: 8]), ("YCbCr", [262: 6, 277: 3]),
            ("too few inks", [262: 5, 277: 3]), ("strange inks", [262: 5, 277: 4, 332: 2]),
            ("tiles of nothing", [322: 0, 323: 0, 324: 8, 325: 64, 273: nil, 279: nil]),
            ("huge tiles", [322: 1 << 20, 323: 1 << 20, 324: 8, 325: 64, 273: nil, 279: nil]),
            ("wide tiles", [322: 0xFFFF_FFF0, 323: 16, 324: 8, 325: 64, 273: nil, 279: nil]),
            ("tiles behind the end", [322: 16, 323: 16, 324: 1 << 30, 325: 256, 273: nil, 279: nil]),
            ("planes that are missing", [277: 3, 284: 2, 262: 2]),
        ] as [(String, [Int: UInt32?])] { add("TIFF: \(title)", TIFFBuilder.file(changes)) }
        add("TIFF: its directory is itself", Array("II*\0".utf8) + [4, 0, 0, 0, 1, 0, 0, 0])
        let webp = try Fixture.bytes("lossy.webp")
        add("WebP: shorter than it says", Array(webp[..<4] + [255, 255, 255, 255] + webp[8...]))
        add("WebP: longer than it says", Array(webp[..<4] + [20, 0, 0, 0] + webp[8...]))
        add("WebP: an animation", try Fixture.bytes("animation.webp"))
        var bomb = Array("RIFF".utf8) + [22, 0, 0, 0] + Array("WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0]
        bomb += [UInt8](repeating: 0xFF, count: 6)
        add("WebP: a canvas without a picture", bomb)
        let jpeg = try Fixture.bytes("rgb-420.jpg")
        let frame = jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 }!
        for (title, offset, value) in [("12 bits", 4, 12), ("5 components", 9, 5), ("no component", 9, 0)] {
            var bytes = jpeg
            bytes[frame + offset] = UInt8(value)
            add("JPEG: \(title)", bytes)
        }
        add("JPEG: height 0", Array(jpeg[..<(frame + 5)] + [0, 0] + jpeg[(frame + 7)...]))
        add("JPEG: no frame", Array(jpeg[..<frame] + [0xFF, 0xD9]))
        // A text in disguise, and other formats.
        for other in ["Dear diary", "GIF89a\u{1}\0\u{1}\0", "%PDF-1.7", "BM......", "<svg xmlns='x'/>"] {
            add(other, Array(other.utf8))
        }
        return files
    }

    /// Files with a few bytes changed. Some can still be read.
    package static func mutants() throws -> [(name: String, bytes: [UInt8])] {
        let names =
            Fixture.decodable.map(\.name) + [
                "camera.jpg", "camera.png", "camera.webp", "animation.webp", "camera.jxl",
            ]
        var files: [(name: String, bytes: [UInt8])] = []
        for (index, name) in names.enumerated() {
            let original = try Fixture.bytes(name)
            var mutator = Mutator(seed: UInt64(1000 + index))
            for round in 0..<10 {
                var bytes = mutator.mutated(original)
                // Without valid checksums libpng would stop before anything interesting.
                if name.hasSuffix("png"), round % 4 != 0 { bytes = PNGChunks.repaired(bytes) }
                files.append(("mutant \(round) of \(name)", bytes))
            }
        }
        return files
    }
}
