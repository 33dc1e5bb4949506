import Imaging
import LIIF

/// A rectangle of a picture from which points are taken.
struct TruthRegion {
    var image: Image<UInt8>
    var y = 0
    var x = 0
    var height: Int
    var width: Int

    init(_ image: Image<UInt8>) {
        self.image = image
        height = image.height
        width = image.width
    }

    init(_ image: Image<UInt8>, y: Int, x: Int, height: Int, width: Int) {
        precondition(y >= 0 && x >= 0 && y + height <= image.height && x + width <= image.width)
        self.image = image
        self.y = y
        self.x = x
        self.height = height
        self.width = width
    }
}

extension TrainingSample {
    /// Points of `truth` beside `input`, both augmented alike.
    ///
    /// - Parameter pointCount: distinct pixels drawn at random; nil takes all in order.
    init(
        input: Image<UInt8>, truth: TruthRegion, augmentation: Augmentation, pointCount: Int?,
        generator: inout SampleGenerator
    ) {
        let (height, width) = augmentation.size(height: truth.height, width: truth.width)
        let pixels = pointCount.map { distinctIndices($0, below: height * width, &generator) }
        let count = pixels?.count ?? height * width
        let rows = (0..<height).map { LocalEnsemble.pixelCentre($0, of: height) }
        let columns = (0..<width).map { LocalEnsemble.pixelCentre($0, of: width) }

        var coordinates = [Float](repeating: 0, count: count * 2)
        var colours = [Float](repeating: 0, count: count * 3)
        truth.image.samples.withUnsafeBufferPointer { source in
            for query in 0..<count {
                let pixel = pixels.map { Int($0[query]) } ?? query
                let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
                coordinates[query * 2] = rows[y]
                coordinates[query * 2 + 1] = columns[x]
                let from = augmentation.origin(y: y, x: x, height: truth.height, width: truth.width)
                let start = ((truth.y + from.y) * truth.image.width + truth.x + from.x) * 3
                for channel in 0..<3 {
                    colours[query * 3 + channel] = Float(source[start + augmentation.channels[channel]]) / 255
                }
            }
        }
        let inputSize = augmentation.size(height: input.height, width: input.width)
        self.init(
            input: augmentation.colours(of: input), inputHeight: inputSize.height,
            inputWidth: inputSize.width,
            coordinates: coordinates, cell: Cell(ofImageHeight: height, width: width), colours: colours,
            truthHeight: height, truthWidth: width, isWhole: pixels == nil)
    }
}

/// Distinct numbers of 0..<bound in random order: the beginning of a Fisher–Yates shuffle.
private func distinctIndices(
    _ count: Int, below bound: Int, _ generator: inout SampleGenerator
) -> ArraySlice<UInt32> {
    precondition(count <= bound && bound <= Int(UInt32.max))
    var indices = [UInt32](unsafeUninitializedCapacity: bound) { buffer, initialized in
        for index in 0..<bound { buffer[index] = UInt32(truncatingIfNeeded: index) }
        initialized = bound
    }
    for position in 0..<count {
        indices.swapAt(position, position + generator.index(below: bound - position))
    }
    return indices[0..<count]
}
