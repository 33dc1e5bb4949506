import ArgumentParser
import Foundation

/// `1920x1080`: across, then down.
struct PixelSize: Equatable, ExpressibleByArgument {
    var width: Int
    var height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    init?(argument: String) {
        let parts = argument.split(omittingEmptySubsequences: false) { "xX×".contains($0) }.map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1], width > 0, height > 0 else {
            return nil
        }
        self.init(width: width, height: height)
    }

    static var allValueStrings: [String] { [] }
}

/// Pixels as millions, without needless decimals.
func megapixels(_ count: Int) -> String {
    let value = Double(count) / 1e6
    return value < 1 ? "\(value)" : fixed(value, value == value.rounded() ? 0 : 1)
}
