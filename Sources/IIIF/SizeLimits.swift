/// How large a returned image may be: what info.json advertises as maxWidth, maxHeight and maxArea.
public struct SizeLimits: Sendable, Equatable {
    /// Pixels in each direction, and in all.
    public var width, height, area: Int

    /// - Precondition: all are positive.
    public init(width: Int, height: Int, area: Int) {
        precondition(width > 0 && height > 0 && area > 0)
        self.width = width
        self.height = height
        self.area = area
    }

    /// Whether an image of this extent may be returned.
    public func allows(width: Int, height: Int) -> Bool {
        width <= self.width && height <= self.height
            && width.multipliedReportingOverflow(by: height) <= (area, false)
    }

    /// The largest extent of a region's shape; without `upscales` at most the region's own.
    func largest(width: Int, height: Int, upscales: Bool) -> (width: Int, height: Int) {
        if !upscales && allows(width: width, height: height) { return (width, height) }
        let w = Double(width), h = Double(height)
        let factor = min(
            upscales ? .infinity : 1, Double(self.width) / w, Double(self.height) / h,
            (Double(area) / (w * h)).squareRoot())
        // The tiny share makes up for the factor's rounding; an extent beyond the limits is never the result.
        var result = (width: max(Int(w * factor + 1e-6), 1), height: max(Int(h * factor + 1e-6), 1))
        while !allows(width: result.width, height: result.height) {
            if result.width >= result.height { result.width -= 1 } else { result.height -= 1 }
        }
        return result
    }

    func refusal(width: Double, height: Double) -> IIIFError {
        let extent = width < 1e9 && height < 1e9 ? "of \(Int(width))×\(Int(height)) pixels " : ""
        return .badRequest(
            "The result \(extent)exceeds the limits: maxWidth \(self.width), maxHeight \(self.height), maxArea \(area)."
        )
    }
}

private func <= (product: (partialValue: Int, overflow: Bool), limit: (Int, Bool)) -> Bool {
    !product.overflow && product.partialValue <= limit.0
}
