/// The part of an image that a request asks for, as written (Image API 3.0, §4.1).
public enum RegionParameter: Sendable, Equatable {
    /// `full`: all of it.
    case full
    /// `square`: as large as fits, in the middle.
    case square
    /// `x,y,w,h` in pixels.
    case pixels(x: Int, y: Int, width: Int, height: Int)
    /// `pct:x,y,w,h` in percent of the image's extent.
    case percent(x: Double, y: Double, width: Double, height: Double)

    /// - Throws: `IIIFError.badRequest` for anything else.
    public init(_ text: String) throws(IIIFError) {
        switch text {
        case "full": self = .full
        case "square": self = .square
        default:
            if text.hasPrefix("pct:") {
                let numbers = text.dropFirst(4).split(separator: ",", omittingEmptySubsequences: false)
                    .map { Double(decimal: $0) }
                guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2],
                    let height = numbers[3]
                else { throw Self.unknown(text) }
                self = .percent(x: x, y: y, width: width, height: height)
            } else {
                let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
                    .map { Int(digits: $0) }
                guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2],
                    let height = numbers[3]
                else { throw Self.unknown(text) }
                self = .pixels(x: x, y: y, width: width, height: height)
            }
        }
    }

    private static func unknown(_ text: String) -> IIIFError {
        .badRequest(
            "The region \"\(text.shortened)\" is none of full, square, x,y,w,h and pct:x,y,w,h, where the numbers are not "
                + "negative.")
    }

    /// The pixels of an image that are meant; what lies outside is cut off.
    /// - Throws: `IIIFError.badRequest` for an empty region and one that lies outside.
    public func resolved(width: Int, height: Int) throws(IIIFError) -> PixelRectangle {
        switch self {
        case .full: return PixelRectangle(x: 0, y: 0, width: width, height: height)
        case .square:
            let side = min(width, height)
            return PixelRectangle(x: (width - side) / 2, y: (height - side) / 2, width: side, height: side)
        case .pixels(let x, let y, let w, let h):
            guard w > 0, h > 0 else { throw .badRequest("The region is empty.") }
            guard x < width, y < height else {
                throw .badRequest("The region lies outside the image of \(width)×\(height) pixels.")
            }
            return PixelRectangle(x: x, y: y, width: min(w, width - x), height: min(h, height - y))
        case .percent(let x, let y, let w, let h):
            guard w > 0, h > 0 else { throw .badRequest("The region is empty.") }
            guard x < 100, y < 100 else { throw .badRequest("The region lies outside the image.") }
            /// A percentage in pixels; percentages beyond 100 mean the edge.
            func pixels(_ percent: Double, of extent: Int) -> Int {
                Int((min(percent, 100) * Double(extent) / 100).rounded())
            }
            let left = min(pixels(x, of: width), width - 1), top = min(pixels(y, of: height), height - 1)
            let right = min(left + max(pixels(w, of: width), 1), width)
            let bottom = min(top + max(pixels(h, of: height), 1), height)
            return PixelRectangle(x: left, y: top, width: right - left, height: bottom - top)
        }
    }
}

/// A part of an image in whole pixels.
public struct PixelRectangle: Sendable, Hashable {
    /// The left top corner.
    public var x, y: Int
    /// Extent; at least 1.
    public var width, height: Int

    /// A part by its corner and its extent.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}
