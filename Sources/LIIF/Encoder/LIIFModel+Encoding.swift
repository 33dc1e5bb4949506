public import Imaging
import NeuralNetwork
public import Tensors

extension LIIFModel {
    /// Makes an image continuous.
    /// - Parameters:
    ///   - image: Any extent from 1×1. Grey becomes RGB; alpha is not looked at.
    ///   - precision: What the networks multiply in; by default the fastest that the processor has.
    public func encode<Sample: ImageSample>(_ image: Image<Sample>, precision: Precision = .fastest) throws
        -> ContinuousImage
    {
        try encode(FloatImage(image.rgb()), precision: precision)
    }

    /// Makes an image continuous.
    /// - Parameter image: Colours in 0…1, three channels.
    public func encode(_ image: FloatImage, precision: Precision = .fastest) throws -> ContinuousImage {
        precondition(image.channels == 3)
        let pixels = AlignedBuffer(floats: image.height * image.width * 3)
        for i in 0..<(image.height * image.width) {
            for c in 0..<3 {
                pixels.floats[3 * i + c] = normalization.input.normalized(image.values[3 * i + c], channel: c)
            }
        }
        let features = FeatureMap(
            height: image.height, width: image.width, channels: configuration.encoder.featureChannels,
            precision: precision)
        let stream = try GraphStream(
            network.encoder, parameters: parameters, height: image.height, width: image.width,
            precision: precision)
        let row = image.width * 3
        while !stream.isFinished {
            try stream.advance { rows, destination in
                destination.update(from: pixels.floats + rows.lowerBound * row, count: rows.count * row)
            } take: { rows, values in
                features.set(rows, from: values)
            }
        }
        return ContinuousImage(self, features: features, pixels: pixels)
    }
}
