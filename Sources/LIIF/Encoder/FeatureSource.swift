/// Supplies a renderer with rows of a feature map, and with the image's own for the input skip.
protocol FeatureSource: AnyObject {
    var features: FeatureMap { get }
    /// The image, normalised, [rows, W, 3] in float32.
    var pixels: RowWindow { get }
    /// Sees to it that the features of all rows before `row` are there.
    func encode(before row: Int) throws
    /// Rows above this one are not needed any more.
    func discard(before row: Int)
}

extension FeatureSource {
    /// Lets go of the rows above `row`. Those that are not there yet leave the memory as they come: where a picture is entered far
    /// down, or where bands lie apart as in a reduction, they would otherwise be there all at once.
    func pass(to row: Int) throws {
        while features.end < row {
            discard(before: row)
            try encode(before: features.end + 1)
        }
        discard(before: row)
    }
}

extension ImageEncoder: FeatureSource {}

/// Features that are all there.
final class StoredFeatures: FeatureSource {
    let features: FeatureMap
    let pixels: RowWindow

    init(features: FeatureMap, pixels: RowWindow) {
        self.features = features
        self.pixels = pixels
    }

    func encode(before row: Int) { precondition(features.end >= min(row, features.height)) }

    func discard(before row: Int) {}
}
