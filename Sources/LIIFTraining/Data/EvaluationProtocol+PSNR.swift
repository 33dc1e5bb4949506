import Foundation
public import Imaging

extension EvaluationProtocol {
    /// Whether a picture of this extent has pixels left within the border.
    public func measures(height: Int, width: Int) -> Bool { min(height, width) > 2 * border }

    /// Peak signal-to-noise ratio in dB of the peak 1, −10·log₁₀ of the mean squared error; infinite for equal
    /// pictures. Computed in double precision.
    ///
    /// - Parameters:
    ///   - prediction: RGB; clamped to [0, 1] here, not rounded to 8 bits.
    ///   - truth: RGB of the same extent.
    /// - Precondition: the extents are equal and `measures` says yes.
    public func psnr(prediction: FloatImage, truth: Image<UInt8>) -> Double {
        precondition(prediction.channels == 3 && truth.channels == 3, "PSNR is taken of RGB pictures")
        precondition(
            prediction.height == truth.height && prediction.width == truth.width, "the extents must be equal")
        precondition(measures(height: truth.height, width: truth.width), "the border leaves no pixel")
        return prediction.values.withUnsafeBufferPointer { predicted in
            truth.samples.withUnsafeBufferPointer { samples in
                -10
                    * log10(
                        meanSquaredError(height: truth.height, width: truth.width) {
                            // In single precision, as the prediction is: equal pictures differ by nothing.
                            clampedDifference(predicted[$0], Double(Float(samples[$0]) / 255))
                        })
            }
        }
    }

    /// The mean squared error of a picture, in double precision.
    /// - Parameter difference: Prediction − truth in units of the peak, by index into [height, width, 3].
    /// - Precondition: `measures` says yes.
    func meanSquaredError(height: Int, width: Int, difference: (_ index: Int) -> Double) -> Double {
        precondition(measures(height: height, width: width), "the border leaves no pixel")
        let rows = border..<height - border, columns = border..<width - border
        var total = 0.0
        var count = rows.count * columns.count
        for y in rows {
            var sum = 0.0
            for x in columns {
                let pixel = (y * width + x) * 3
                let (red, green, blue) = (difference(pixel), difference(pixel + 1), difference(pixel + 2))
                if case .benchmark = self {
                    let luma = red * Luma.red + green * Luma.green + blue * Luma.blue
                    sum += luma * luma
                } else {
                    sum += red * red + green * green + blue * blue
                }
            }
            total += sum
        }
        if case .benchmark = self {} else { count *= 3 }
        return total / Double(count)
    }
}

/// Prediction − truth, the prediction clamped to 0…1. NaN stays NaN: a broken prediction must not look like a black one.
func clampedDifference(_ prediction: Float, _ truth: Double) -> Double {
    let value = Double(prediction)
    return (value < 0 ? 0 : value > 1 ? 1 : value) - truth
}
