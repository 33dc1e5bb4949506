import Foundation
import ImageCodecs
import Imaging
import LIIF
import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// A picture of smooth colours and an edge.
private func picture(height: Int, width: Int) -> Image<UInt8> {
    var image = Image<UInt8>(width: width, height: height, channels: 3)
    for y in 0..<height {
        for x in 0..<width {
            let inside = (x - width / 2) * (x - width / 2) + (y - height / 2) * (y - height / 2) < height * 3
            image[y, x, 0] = UInt8(40 + 150 * y / height)
            image[y, x, 1] = UInt8(220 - 200 * x / width)
            image[y, x, 2] = inside ? 250 : 20
        }
    }
    return image
}

@Suite struct SIRENTests {
    private let small: SIREN.Configuration = {
        var configuration = SIREN.Configuration()
        configuration.hiddenWidths = [7, 5]
        configuration.frequency = 4
        return configuration
    }()

    /// The network as its definition says, in double precision: hidden layers sin(ω·(W·x + b)), the last one linear.
    private func reference(_ parameters: [Float], y: Double, x: Double, frequency: Double) -> [Double] {
        var (values, offset) = ([y, x], 0)
        for (index, outputs) in [7, 5, 3].enumerated() {
            let inputs = values.count
            let biases = offset + inputs * outputs
            let sums = (0..<outputs).map { o in
                (0..<inputs).reduce(Double(parameters[biases + o])) {
                    $0 + Double(parameters[offset + o * inputs + $1]) * values[$1]
                }
            }
            values = index < 2 ? sums.map { sin(frequency * $0) } : sums
            offset = biases + outputs
        }
        return values
    }

    private func loss(_ parameters: [Float], _ image: Image<UInt8>) -> Double {
        var sum = 0.0
        for y in 0..<image.height {
            for x in 0..<image.width {
                let colour = reference(
                    parameters, y: -1 + (2 * Double(y) + 1) / Double(image.height),
                    x: -1 + (2 * Double(x) + 1) / Double(image.width), frequency: 4)
                for c in 0..<3 {
                    let error = colour[c] - (Double(image[y, x, c]) / 127.5 - 1)
                    sum += error * error
                }
            }
        }
        return sum / Double(image.width * image.height * 3)
    }

    /// 150 pixels are one whole block and a part of another.
    @Test func lossAndGradientFollowTheDefinition() throws {
        let image = picture(height: 15, width: 10)
        let fitter = try SIRENFitter(image, configuration: small, seed: 3)
        let loss = try fitter.gradientOfLoss()
        let count = 2 * 7 + 7 + 7 * 5 + 5 + 5 * 3 + 3
        let point = fitter.parameters.array(count)
        #expect(abs(loss - self.loss(point, image)) < 1e-5)
        checkGradient(
            of: { self.loss($0, image) }, at: point, expected: fitter.gradient.array(count), step: 1e-3,
            absolute: 1e-4, relative: 1e-3)
    }

    /// Oracle: §3.2 of Sitzmann et al.
    @Test func initialWeightsAreWithinTheirBounds() throws {
        let fitter = try SIRENFitter(
            picture(height: 4, width: 4), configuration: SIREN.Configuration(), seed: 1)
        func range(_ offset: Int, _ count: Int) -> (Float, Float) {
            let values = (0..<count).map { abs(fitter.parameters.floats[offset + $0]) }
            return (values.max()!, values.reduce(0, +) / Float(count))
        }
        // |uniform| within a bound has half of it as its mean.
        let first = range(0, 512)
        #expect(first.0 <= 0.5 && abs(first.1 - 0.25) < 0.03)
        let bound = Float(6.0 / 256).squareRoot() / 30
        let second = range(512 + 256, 65536)
        #expect(second.0 <= bound && second.0 > 0.99 * bound && abs(second.1 - bound / 2) < 0.01 * bound)
        // The last layer has no sine and is drawn alike.
        let last = range(512 + 256 + 2 * (65536 + 256), 768)
        #expect(last.0 <= bound && last.0 > 0.95 * bound && abs(last.1 - bound / 2) < 0.05 * bound)
        // Biases keep PyTorch's ±1/√n, here of n = 2 and 256.
        for (offset, bound) in [(512, Float(0.5).squareRoot()), (512 + 256 + 65536, Float(1) / 16)] {
            let biases = range(offset, 256)
            #expect(biases.0 <= bound && biases.0 > 0.9 * bound && abs(biases.1 - bound / 2) < 0.1 * bound)
        }
    }

    @Test func fitsAPictureAndShowsItAtAnySize() throws {
        let image = picture(height: 24, width: 20)
        var settings = SIREN.Fitting()
        settings.iterations = 300
        var psnr: [Double] = []
        let network = try SIREN(fitting: image, settings: settings) { psnr.append($0.psnr) }
        #expect(network.parameterCount == 2 * 256 + 256 + 2 * (256 * 256 + 256) + 3 * 256 + 3)
        #expect(psnr.count == 300 && psnr[0] < 20)
        let same = try network.rendered(height: 24, width: 20)
        let errors = zip(same.values, FloatImage(image).values).map { Double($0 - $1) * Double($0 - $1) }
        let fitted = -10 * log10(errors.reduce(0, +) / Double(errors.count))
        #expect(fitted > 40, "fitted to \(fitted) dB")
        // The centres of every third pixel of the picture three times as large are the fitted pixels' own.
        let large = try network.rendered(height: 72, width: 60)
        for y in 0..<24 {
            for x in 0..<20 {
                for c in 0..<3 {
                    let value = large.values[((3 * y + 1) * 60 + 3 * x + 1) * 3 + c]
                    #expect(abs(value - same.values[(y * 20 + x) * 3 + c]) < 1e-4)
                }
            }
        }
    }

    @Test func theSamePictureGivesTheSameBits() throws {
        var settings = SIREN.Fitting()
        settings.iterations = 5
        let image = picture(height: 30, width: 31)
        let a = try SIREN(fitting: image, settings: settings).rendered(height: 17, width: 33)
        #expect(try SIREN(fitting: image, settings: settings).rendered(height: 17, width: 33) == a)
        settings.seed = 2
        #expect(try SIREN(fitting: image, settings: settings).rendered(height: 17, width: 33) != a)
    }

    /// A strip must not change what is drawn.
    @Test func stripsMakeUpTheWhole() throws {
        var settings = SIREN.Fitting()
        settings.iterations = 2
        let network = try SIREN(fitting: picture(height: 8, width: 8), settings: settings)
        var (heights, values): ([Int], [Float]) = ([], [])
        // Wider than a strip's pixels, so that every strip is one row.
        let width = 64 * 128 * Workers.count
        try network.render(height: 3, width: width) {
            heights.append($0.height)
            values += $0.values
        }
        #expect(heights == [1, 1, 1])
        #expect(try network.rendered(height: 3, width: width).values == values)
    }
}
