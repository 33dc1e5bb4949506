/// The four segments of an image request, as written: region, size, rotation, quality and format.
public struct ImageRequest: Sendable, Equatable {
    /// The API's version that it is written in.
    public let version: APIVersion
    /// Which part.
    public let region: RegionParameter
    /// How large.
    public let size: SizeParameter
    /// How turned.
    public let rotation: Rotation
    /// In which colours.
    public let quality: Quality
    /// In which file format.
    public let format: OutputFormat

    /// - Parameter segments: The four path segments after the identifier, percent-decoded.
    /// - Throws: `IIIFError.badRequest` naming the parameter that is wrong.
    public init(_ segments: some Collection<String>, version: APIVersion) throws(IIIFError) {
        let segments = Array(segments)
        guard segments.count == 4 else {
            throw .badRequest("An image request ends in /region/size/rotation/quality.format.")
        }
        guard let dot = segments[3].lastIndex(of: ".") else {
            throw .badRequest(
                "The format is missing: an image request ends in quality.format, default.jpg for example.")
        }
        self.version = version
        region = try RegionParameter(segments[0])
        size = try SizeParameter(segments[1], version: version)
        rotation = try Rotation(segments[2])
        quality = try Quality(String(segments[3][..<dot]))
        format = try OutputFormat(String(segments[3][segments[3].index(after: dot)...]))
    }

    /// What is to be made of an image.
    /// - Throws: `IIIFError.badRequest` for a region or a size that the image, the limits or the format do not allow.
    public func resolved(width: Int, height: Int, limits: SizeLimits) throws(IIIFError) -> ResolvedRequest {
        let region = try region.resolved(width: width, height: height)
        let size = try size.resolved(region, limits: limits, version: version)
        guard max(size.width, size.height) <= format.largestSide else {
            throw .badRequest(
                "The result of \(size.width)×\(size.height) pixels is no \(format.rawValue): a side has at most "
                    + "\(format.largestSide) pixels there; png holds more.")
        }
        return ResolvedRequest(
            imageWidth: width, imageHeight: height, region: region, width: size.width, height: size.height,
            rotation: rotation, quality: quality, format: format)
    }
}
