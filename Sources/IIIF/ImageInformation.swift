/// What info.json says of an image (Image API 3.0 and 2.1, §5).
public struct ImageInformation: Sendable, Equatable {
    /// The image's extent in pixels.
    public let width, height: Int
    /// How large a result may be.
    public let limits: SizeLimits
    /// Whether the image has colours, and not grey alone.
    public let hasColor: Bool
    /// Side of a tile in pixels; the limits allow it.
    public let tileSide: Int

    /// - Parameter tileSide: A tile's side where the limits allow it, else it is halved until they do.
    /// - Precondition: all are positive.
    public init(width: Int, height: Int, limits: SizeLimits, tileSide: Int = 512, hasColor: Bool = true) {
        precondition(width > 0 && height > 0 && tileSide > 0)
        self.width = width
        self.height = height
        self.limits = limits
        self.hasColor = hasColor
        var side = tileSide
        // One pixel always fits.
        while side > 1, !limits.allows(width: side, height: side) { side /= 2 }
        self.tileSide = side
    }

    /// 1, 2, 4 …, until the whole image fits a tile.
    public var scaleFactors: [Int] {
        var factors = [1]
        while factors.last! * tileSide < max(width, height) { factors.append(factors.last! * 2) }
        return factors
    }

    /// Whole images for overviews, smallest first: the scale factors' that the limits allow.
    public var sizes: [(width: Int, height: Int)] {
        scaleFactors.reversed().map { ((width + $0 - 1) / $0, (height + $0 - 1) / $0) }
            .filter { limits.allows(width: $0.0, height: $0.1) }
    }

    /// The document.
    /// - Parameter id: The image service's URI, without a slash at its end.
    public func json(_ version: APIVersion, id: String) -> String {
        let sizes = sizes.map { "{\"width\":\($0.width),\"height\":\($0.height)}" }.joined(separator: ",")
        let factors = scaleFactors.map(String.init).joined(separator: ",")
        let tiles = "[{\"width\":\(tileSide),\"height\":\(tileSide),\"scaleFactors\":[\(factors)]}]"
        let bounds =
            "\"maxWidth\":\(limits.width),\"maxHeight\":\(limits.height),\"maxArea\":\(limits.area)"
        func list(_ values: [String]) -> String {
            "[" + values.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        }
        let extent = "\"width\":\(width),\"height\":\(height)"
        let common = "\"@context\":\"\(version.context)\",\"protocol\":\"http://iiif.io/api/image\""
        switch version {
        case .three:
            let formats = list(OutputFormat.extra.map(\.rawValue))
            // All but `default`, whatever the level asks for (§4.4); `color` is answered for a grey image too, and not listed.
            let qualities = Quality.allCases.filter { $0 != .default && (hasColor || $0 != .color) }
            return
                "{\(common),\"id\":\"\(id)\",\"type\":\"ImageService3\",\"profile\":\"level2\",\(extent),\(bounds),"
                + "\"sizes\":[\(sizes)],\"tiles\":\(tiles),\"extraFormats\":\(formats),"
                + "\"extraQualities\":\(list(qualities.map(\.rawValue))),\"extraFeatures\":"
                + list(["canonicalLinkHeader", "mirroring", "profileLinkHeader", "sizeUpscaling"]) + "}"
        case .two:
            let formats = list(OutputFormat.allCases.map(\.rawValue))
            let features = [
                "baseUriRedirect", "canonicalLinkHeader", "cors", "jsonldMediaType", "mirroring",
                "profileLinkHeader",
                "regionByPct", "regionByPx", "regionSquare", "rotationBy90s", "sizeAboveFull",
                "sizeByConfinedWh",
                "sizeByDistortedWh", "sizeByH", "sizeByPct", "sizeByW", "sizeByWh",
            ]
            return "{\(common),\"@id\":\"\(id)\",\(extent),\"sizes\":[\(sizes)],\"tiles\":\(tiles),"
                + "\"profile\":[\"\(version.profile)\",{\(bounds),\"formats\":\(formats),\"qualities\":"
                + list(Quality.allCases.map(\.rawValue)) + ",\"supports\":\(list(features))}]}"
        }
    }
}
