import ArgumentParser
import Imaging
import LIIF

/// `--region x,y,w,h`: a part of the input, each number in pixels or, with %, in hundredths of the input's extent.
struct SourceRegion: Equatable, ExpressibleByArgument {
    /// A length along one axis.
    struct Length: Equatable {
        var value: Double
        var isPercentage: Bool

        init?(_ text: Substring) {
            isPercentage = text.hasSuffix("%")
            guard let value = Double(isPercentage ? text.dropLast() : text), value.isFinite, value >= 0 else {
                return nil
            }
            self.value = value
        }

        func pixels(of extent: Int) -> Double { isPercentage ? value / 100 * Double(extent) : value }
    }

    private let text: String
    private let x, y, width, height: Length

    init?(argument: String) {
        let lengths = argument.split(separator: ",", omittingEmptySubsequences: false).map {
            Length($0.drop { $0 == " " })
        }
        guard lengths.count == 4, let x = lengths[0], let y = lengths[1], let width = lengths[2],
            let height = lengths[3], width.value > 0, height.value > 0
        else { return nil }
        text = argument
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }

    /// The part of a picture of this extent.
    /// - Parameter file: Named in the error.
    func region(ofWidth pictureWidth: Int, height pictureHeight: Int, file: String) throws -> Region {
        let (left, top) = (x.pixels(of: pictureWidth), y.pixels(of: pictureHeight))
        let (across, down) = (width.pixels(of: pictureWidth), height.pixels(of: pictureHeight))
        // 33.4 % and 66.6 % may come to a little more than the whole.
        let tolerance = 1e-6
        guard left + across <= Double(pictureWidth) + tolerance,
            top + down <= Double(pictureHeight) + tolerance,
            left < Double(pictureWidth), top < Double(pictureHeight)
        else {
            throw UpscaleError.regionOutside(
                file: file, region: text, width: pictureWidth, height: pictureHeight)
        }
        return Region(
            y: top, x: left, height: min(down, Double(pictureHeight) - top),
            width: min(across, Double(pictureWidth) - left))
    }

    static var allValueStrings: [String] { [] }
}
