import ImageCodecs
import Imaging
import LIIF
import LIIFServer
import Tensors
import TestSupport
import Testing

extension ServerTests {
    /// The oracle is the library, on the picture whose hidden colours are filled and on its alpha as a picture. A picture
    /// and the features of one are shown alike, and so are tiles from the disk, where the alpha has its own.
    @Test func transparentPicturesHaveNoFringe() async throws {
        let original = glass(width: 30, height: 40)
        let filled = original.fillingHiddenColours()
        @Sendable func worst(_ a: Image<UInt8>, _ b: Image<UInt8>) -> Int {
            zip(a.samples, b.samples).map { abs(Int($0) - Int($1)) }.max()!
        }
        func shown(_ picture: Image<UInt8>) throws -> Image<UInt8> {
            try tinyModel().encode(picture, precision: .float32)
                .rendered(Region(y: 8, x: 4, height: 16, width: 16), height: 64, width: 64).rounded()
        }
        let expected = try shown(filled)
        let alpha = try shown(original.channel(3))
        var means = Image<UInt8>(width: 64, height: 64, channels: 1)
        for i in means.samples.indices {
            let sum =
                Int(alpha.samples[i * 3]) + Int(alpha.samples[i * 3 + 1]) + Int(alpha.samples[i * 3 + 2])
            means.samples[i] = UInt8((sum + 1) / 3)
        }
        let expectedAlpha = means
        #expect(worst(expected, try shown(original)) > 60)
        try await withTemporaryFolder { features in
            try await withServer(
                {
                    $0.featureFolder = features
                    ($0.featureCacheBytes, $0.imageCacheBytes) = (0, 0)
                },
                adding: { folder in
                    try original.write(to: folder + "/glass.png")
                    var next = 0
                    try FeatureFile.write(
                        to: folder + "/features.liif", model: tinyModel(), precision: .float32, height: 40,
                        width: 30, channels: 4
                    ) { count in
                        defer { next += count }
                        return filled.cropped(y: next, x: 0, height: count, width: 30)
                    }
                }
            ) { client in
                for identifier in ["glass", "features", "glass", "features"] {
                    let actual = try await client.image(
                        "/iiif/3/\(identifier)/4,8,16,16/^64,64/0/default.png")
                    // Features pass through BF16.
                    #expect(worst(actual.rgb(), expected) <= 6, "\(identifier)")
                    #expect(worst(actual.channel(3), expectedAlpha) <= 6, "\(identifier)")
                }
                // Colours and alpha of the one, alpha of the other.
                let metrics = try await client.get("/metrics").text
                #expect(metrics.contains("liif_feature_tiles_encoded_total 3\n"))
                #expect(metrics.contains("liif_feature_tiles_read_total 3\n"))
            }
        }
    }

    /// What is opaque everywhere has no alpha to encode.
    @Test func anOpaqueAlphaIsNotEncoded() async throws {
        var opaque = glass(width: 30, height: 40)
        for i in stride(from: 3, to: opaque.samples.count, by: 4) { opaque.samples[i] = 255 }
        let picture = opaque
        try await withServer(adding: { try picture.write(to: $0 + "/opaque.png") }) { client in
            let shown = try await client.image("/iiif/3/opaque/4,8,16,16/^64,64/0/default.png")
            #expect(shown.channel(3).samples.allSatisfy { $0 == 255 })
            #expect(try await client.get("/metrics").text.contains("liif_feature_tiles_encoded_total 1\n"))
        }
    }
}
