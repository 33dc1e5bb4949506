import ArgumentParser

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
