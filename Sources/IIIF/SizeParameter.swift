/// The extent of the image to return, as written (Image API 3.0, §4.2; 2.1, §4.2).
public struct SizeParameter: Sendable, Equatable {
    /// The forms of a size.
    public enum Form: Sendable, Equatable {
        /// `max`: the region's extent, or the largest that is allowed.
        case max
        /// `full`, in 2.1 only: the region's extent.
        case full
        /// `w,`
        case width(Int)
        /// `,h`
        case height(Int)
        /// `pct:n`
        case percent(Double)
        /// `w,h`
        case exact(width: Int, height: Int)
        /// `!w,h`: as large as fits, undistorted.
        case within(width: Int, height: Int)
    }

    /// The size itself.
    public var form: Form
    /// `^`, in 3.0 only: the result may be larger than the region.
    public var upscales: Bool

    /// - Throws: `IIIFError.badRequest` for what the version does not know.
    public init(_ text: String, version: APIVersion) throws(IIIFError) {
        var rest = text[...]
        upscales = version == .three && rest.first == "^"
        if upscales { rest = rest.dropFirst() }
        guard let form = Form(rest, version: version) else {
            let known =
                version == .three
                ? "max, w,  ,h  pct:n  w,h  !w,h, with or without ^" : "full, max, w,  ,h  pct:n  w,h  !w,h"
            throw .badRequest(
                "The size \"\(text.shortened)\" is none of \(known), where the numbers are above 0.")
        }
        self.form = form
    }

    /// The extent of the result.
    /// - Throws: `IIIFError.badRequest` where nothing would be left, where 3.0 wants a `^`, and beyond the limits.
    public func resolved(_ region: PixelRectangle, limits: SizeLimits, version: APIVersion) throws(IIIFError)
        -> (width: Int, height: Int)
    {
        let w = Double(region.width), h = Double(region.height)
        var width: Double
        var height: Double
        switch form {
        case .max:
            let largest = limits.largest(width: region.width, height: region.height, upscales: upscales)
            return largest
        case .full: (width, height) = (w, h)
        case .width(let value): (width, height) = (Double(value), Double(value) * h / w)
        case .height(let value): (width, height) = (Double(value) * w / h, Double(value))
        case .percent(let value):
            // Also where the extent, rounded, would be the region's own.
            guard version == .two || upscales || value <= 100 else {
                throw .badRequest("A size of more than 100 percent enlarges, and begins with ^.")
            }
            (width, height) = (w * value / 100, h * value / 100)
        case .exact(let x, let y): (width, height) = (Double(x), Double(y))
        case .within(let x, let y):
            let factor = min(Double(x) / w, Double(y) / h)
            (width, height) = (w * factor, h * factor)
            let largest = limits.largest(width: region.width, height: region.height, upscales: true)
            if width > Double(largest.width) + 0.5 || height > Double(largest.height) + 0.5,
                upscales || version == .two || factor <= 1
            {
                return largest
            }
        }
        guard width < 1e9, height < 1e9 else { throw limits.refusal(width: width, height: height) }
        width.round()
        height.round()
        guard width >= 1, height >= 1 else {
            throw .badRequest("The result would have less than a pixel in one direction.")
        }
        if version == .three && !upscales && (width > w || height > h) {
            throw .badRequest(
                "The result of \(Int(width))×\(Int(height)) pixels is larger than the region of "
                    + "\(region.width)×\(region.height); a size that enlarges begins with ^.")
        }
        guard limits.allows(width: Int(width), height: Int(height)) else {
            throw limits.refusal(width: width, height: height)
        }
        return (Int(width), Int(height))
    }
}

extension SizeParameter.Form {
    fileprivate init?(_ text: Substring, version: APIVersion) {
        if text == "max" {
            self = .max
        } else if text == "full", version == .two {
            self = .full
        } else if text.hasPrefix("pct:") {
            guard let value = Double(decimal: text.dropFirst(4)), value > 0 else { return nil }
            self = .percent(value)
        } else {
            let isConfined = text.first == "!"
            let parts = text.dropFirst(isConfined ? 1 : 0).split(
                separator: ",", omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            let numbers = parts.map { Int(digits: $0) }
            for (part, number) in zip(parts, numbers) where !part.isEmpty {
                guard let number, number > 0 else { return nil }
            }
            switch (numbers[0], numbers[1], isConfined) {
            case (let width?, let height?, true): self = .within(width: width, height: height)
            case (let width?, let height?, false): self = .exact(width: width, height: height)
            case (let width?, nil, false): self = .width(width)
            case (nil, let height?, false): self = .height(height)
            default: return nil
            }
        }
    }
}
