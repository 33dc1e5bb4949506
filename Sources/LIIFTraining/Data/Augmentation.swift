import Imaging

/// Flips, transpose and an order of the channels, done while pixels are copied: first the flips, then the transpose, as in
/// the release.
struct Augmentation: Equatable {
    var flipsRows = false
    var flipsColumns = false
    var transposes = false
    /// Which channel becomes red, green and blue.
    var channels = SIMD3(0, 1, 2)

    /// What the recipe wants, drawn at random.
    static func random(_ recipe: AugmentationRecipe, _ generator: inout SampleGenerator) -> Augmentation {
        var augmentation = Augmentation()
        if recipe.turns {
            augmentation.flipsRows = generator.coin()
            augmentation.flipsColumns = generator.coin()
            augmentation.transposes = generator.coin()
        }
        if recipe.permutesChannels, generator.coin() {
            let red = generator.index(below: 3)
            let others = generator.coin() ? (1, 2) : (2, 1)
            augmentation.channels = SIMD3(red, (red + others.0) % 3, (red + others.1) % 3)
        }
        return augmentation
    }

    /// Extent of a picture after it.
    func size(height: Int, width: Int) -> (height: Int, width: Int) {
        transposes ? (width, height) : (height, width)
    }

    /// Where the pixel that lands on (y, x) comes from, in a picture of the extent before.
    @inline(__always)
    func origin(y: Int, x: Int, height: Int, width: Int) -> (y: Int, x: Int) {
        let (row, column) = transposes ? (x, y) : (y, x)
        return (flipsRows ? height - 1 - row : row, flipsColumns ? width - 1 - column : column)
    }

    /// The picture after it, colours divided by 255, [H, W, 3].
    func colours(of image: Image<UInt8>) -> [Float] {
        precondition(image.channels == 3)
        let (height, width) = size(height: image.height, width: image.width)
        return [Float](unsafeUninitializedCapacity: height * width * 3) { target, count in
            image.samples.withUnsafeBufferPointer { source in
                var next = 0
                for y in 0..<height {
                    for x in 0..<width {
                        let from = origin(y: y, x: x, height: image.height, width: image.width)
                        let pixel = (from.y * image.width + from.x) * 3
                        for channel in 0..<3 {
                            target[next + channel] = Float(source[pixel + channels[channel]]) / 255
                        }
                        next += 3
                    }
                }
            }
            count = height * width * 3
        }
    }
}
