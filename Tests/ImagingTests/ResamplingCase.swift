import Foundation
import Imaging
import Testing

/// One input and an oracle's output, from a file that Scripts/make-imaging-fixtures.py made.
struct ResamplingCase: CustomTestStringConvertible {
    let input: Image<UInt8>
    let expected: Image<UInt8>

    var testDescription: String {
        "\(input.height)×\(input.width)×\(input.channels) to \(expected.height)×\(expected.width)"
    }

    static func load(_ name: String) throws -> [ResamplingCase] {
        let url = Bundle.module.url(forResource: name, withExtension: "bin", subdirectory: "Fixtures")
        var bytes = [UInt8](try Data(contentsOf: try #require(url)))[...]
        func take(_ count: Int) -> [UInt8] {
            defer { bytes = bytes.dropFirst(count) }
            return [UInt8](bytes.prefix(count))
        }
        func number() -> Int { take(4).reversed().reduce(0) { $0 << 8 | Int($1) } }
        func image(_ channels: Int, _ height: Int, _ width: Int) -> Image<UInt8> {
            Image(width: width, height: height, channels: channels, samples: take(channels * height * width))
        }
        var cases: [ResamplingCase] = []
        while !bytes.isEmpty {
            let (channels, height, width, newHeight, newWidth) = (
                number(), number(), number(), number(), number()
            )
            cases.append(
                ResamplingCase(
                    input: image(channels, height, width), expected: image(channels, newHeight, newWidth)))
        }
        return cases
    }
}

/// Compares every byte; states how many differ and where the worst is.
func expectEqual(_ actual: Image<UInt8>, _ expected: Image<UInt8>, _ label: String = "") {
    guard actual.height == expected.height, actual.width == expected.width,
        actual.channels == expected.channels
    else {
        Issue.record(
            "\(label): \(actual.height)×\(actual.width)×\(actual.channels), expected \(expected.height)…")
        return
    }
    var (differing, worst, worstIndex) = (0, 0, 0)
    for (index, (got, want)) in zip(actual.samples, expected.samples).enumerated() where got != want {
        differing += 1
        let distance = abs(Int(got) - Int(want))
        if distance > worst { (worst, worstIndex) = (distance, index) }
    }
    guard differing > 0 else { return }
    let (pixel, channel) = worstIndex.quotientAndRemainder(dividingBy: expected.channels)
    Issue.record(
        """
        \(label): \(differing) of \(expected.samples.count) bytes differ; worst at y \(pixel / expected.width), \
        x \(pixel % expected.width), channel \(channel): expected \(expected.samples[worstIndex]), \
        got \(actual.samples[worstIndex])
        """)
}

/// Reproducible noise.
func noise(height: Int, width: Int, channels: Int, seed: UInt64) -> Image<UInt8> {
    var state = seed
    let samples = (0..<height * width * channels).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
    return Image(width: width, height: height, channels: channels, samples: samples)
}
