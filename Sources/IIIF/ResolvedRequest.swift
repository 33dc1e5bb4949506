/// An image request in numbers: equal for all the ways to write it.
public struct ResolvedRequest: Sendable, Hashable {
    /// The image's own extent.
    public let imageWidth, imageHeight: Int
    /// The part, inside the image.
    public let region: PixelRectangle
    /// Extent of the result before it is turned.
    public let width, height: Int
    /// How it is turned.
    public let rotation: Rotation
    /// Its colours.
    public let quality: Quality
    /// Its file format.
    public let format: OutputFormat

    /// - Precondition: the region lies inside the image, and there is at least one pixel.
    public init(
        imageWidth: Int, imageHeight: Int, region: PixelRectangle, width: Int, height: Int,
        rotation: Rotation = .none,
        quality: Quality = .default, format: OutputFormat = .jpg
    ) {
        precondition(region.width > 0 && region.height > 0 && width > 0 && height > 0)
        self.imageWidth = imageWidth
        self.imageHeight = imageHeight
        self.region = region
        self.width = width
        self.height = height
        self.rotation = rotation
        self.quality = quality
        self.format = format
    }

    /// Whether all of the image is shown.
    private var isFull: Bool { region == PixelRectangle(x: 0, y: 0, width: imageWidth, height: imageHeight) }

    /// The canonical form of the request's four segments (Image API 3.0, §4.7; 2.1, §4.7).
    public func canonical(_ version: APIVersion, limits: SizeLimits) -> String {
        let part = isFull ? "full" : "\(region.x),\(region.y),\(region.width),\(region.height)"
        return
            "\(part)/\(canonicalSize(version, limits: limits))/\(rotation.text)/\(quality.rawValue).\(format.rawValue)"
    }

    private func canonicalSize(_ version: APIVersion, limits: SizeLimits) -> String {
        let isUnscaled = width == region.width && height == region.height
        switch version {
        case .three:
            let sizes = [false, true].map {
                limits.largest(width: region.width, height: region.height, upscales: $0)
            }
            if (width, height) == sizes[0] { return "max" }
            if (width, height) == sizes[1] { return "^max" }
            return (width > region.width || height > region.height ? "^" : "") + "\(width),\(height)"
        case .two:
            if isUnscaled { return "full" }
            let derived = (Double(width) * Double(region.height) / Double(region.width)).rounded()
            return Double(height) == derived ? "\(width)," : "\(width),\(height)"
        }
    }
}
