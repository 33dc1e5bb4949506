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
        let rows = border..<truth.height - border
        let columns = border..<truth.width - border
        var total = 0.0
        var count = rows.count * columns.count
        prediction.values.withUnsafeBufferPointer { predicted in
            truth.samples.withUnsafeBufferPointer { samples in
                func difference(_ index: Int) -> Double {
                    let value = Double(predicted[index])
                    // Written so that NaN stays NaN: a broken prediction must not look like a black one.
                    let clamped = value < 0 ? 0 : value > 1 ? 1 : value
                    return clamped - Double(samples[index]) / 255
                }
                for y in rows {
                    var sum = 0.0
                    for x in columns {
                        let pixel = (y * truth.width + x) * 3
                        let (red, green, blue) = (
                            difference(pixel), difference(pixel + 1), difference(pixel + 2)
                        )
                        if case .benchmark = self {
                            let luma = red * Luma.red + green * Luma.green + blue * Luma.blue
                            sum += luma * luma
                        } else {
                            sum += red * red + green * green + blue * blue
                        }
                    }
                    total += sum
                }
            }
        }
        if case .benchmark = self {} else { count *= 3 }
        return -10 * log10(total / Double(count))
    }
}
