import TensorFiles

extension FeatureFile.Header {
    private enum Key {
        static let version = "liif.features"
        static let height = "liif.height"
        static let width = "liif.width"
        static let side = "liif.tile"
        static let featureChannels = "liif.feature_channels"
        static let channels = "liif.channels"
        static let bits = "liif.bits"
        static let model = "liif.model.sha256"
    }

    static func featureName(_ position: FeatureTiling.Position) -> String {
        "features.\(position.row).\(position.column)"
    }

    static func pixelName(_ position: FeatureTiling.Position) -> String {
        "pixels.\(position.row).\(position.column)"
    }

    /// As the file's metadata say it.
    var metadata: [String: String] {
        [
            Key.version: "1", Key.height: "\(tiling.height)", Key.width: "\(tiling.width)",
            Key.side: "\(tiling.side)", Key.featureChannels: "\(featureChannels)",
            Key.channels: "\(channels)",
            Key.bits: "\(bitsPerSample)", Key.model: modelDigest,
        ]
    }

    /// - Throws: `FeatureFileError.noFeatures` naming what is missing or wrong.
    init(metadata: [String: String], file: String) throws {
        func failure(_ reason: String) -> FeatureFileError { .noFeatures(file: file, reason: reason) }
        guard let version = metadata[Key.version] else {
            throw failure("its metadata have no '\(Key.version)'")
        }
        guard version == "1" else {
            throw failure("its format is version \(version), and this program reads 1")
        }
        func number(_ key: String, _ range: ClosedRange<Int>) throws -> Int {
            guard let text = metadata[key], let value = Int(text), range.contains(value) else {
                throw failure(
                    "'\(key)' is \(metadata[key] ?? "missing"), expected \(range.lowerBound) to \(range.upperBound)"
                )
            }
            return value
        }
        let extent = 1...(1 << 24)
        guard let digest = metadata[Key.model], digest.count == 64 else {
            throw failure("'\(Key.model)' is no SHA-256 digest")
        }
        self.init(
            tiling: FeatureTiling(
                height: try number(Key.height, extent), width: try number(Key.width, extent),
                side: try number(Key.side, 16...4096)),
            featureChannels: try number(Key.featureChannels, 1...4096),
            channels: try number(Key.channels, 1...4),
            bitsPerSample: try number(Key.bits, 8...16), modelDigest: digest)
        guard bitsPerSample == 8 || bitsPerSample == 16 else {
            throw failure("'\(Key.bits)' is neither 8 nor 16")
        }
    }

    /// The tensors of a complete file in their order. Samples of 16 bits are the bits of an I16.
    var tensors: [SafetensorsFile.Announcement] {
        let positions = tiling.positions
        func announce(_ name: String, _ type: ElementType, _ position: FeatureTiling.Position, _ depth: Int)
            -> SafetensorsFile.Announcement
        {
            let rectangle = tiling.rectangle(position)
            return .init(name: name, elementType: type, shape: [rectangle.height, rectangle.width, depth])
        }
        // Tile by tile, as they are made; only bytes can come to lie unaligned, and nothing maps them.
        return positions.flatMap {
            [
                announce(Self.featureName($0), .bfloat16, $0, featureChannels),
                announce(Self.pixelName($0), bitsPerSample == 8 ? .uint8 : .int16, $0, channels),
            ]
        }
    }
}
