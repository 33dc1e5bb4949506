import CTensorKernels

/// The C kernels beside the same loops in Swift, on arrays of 1 MB: Docs/Decisions/0002-c-kernels.md.
///
/// Run: swift run -c release KernelBenchmark
@main
struct KernelBenchmark {
    static let count = 1 << 18

    static func main() {
        let (a, b) = (floats(seed: 1), floats(seed: 2))
        let narrow = UnsafeMutablePointer<UInt16>.allocate(capacity: count)
        narrow.initialize(repeating: 0, count: count)

        print("sum += x, 262,144 floats")
        report("C, liif_add", bytes: 12) { liif_add(a, b, count) }
        report("Swift, scalar loop", bytes: 12) { addScalar(a, b) }
        report("Swift, SIMD16<Float>", bytes: 12) { addVectors(a, b) }

        print("float32 to BF16, 262,144 floats")
        report("C, liif_bf16_from_float", bytes: 6) { liif_bf16_from_float(narrow, a, count) }
        report("Swift, scalar loop", bytes: 6) { narrowScalar(narrow, a) }
        report("Swift, SIMD16<UInt32>", bytes: 6) { narrowVectors(narrow, a) }

        // One tile of the decoder: 1024 rows of 256, the latents of 36 of them.
        let (rows, width) = (1024, 256)
        let index = UnsafeMutablePointer<Int32>.allocate(capacity: rows)
        for row in 0..<rows { index[row] = Int32(row * 37 % 36) }
        let (y, x, weightY, weightX, constant) = (
            floats(seed: 3), floats(seed: 4), floats(seed: 5), floats(seed: 6), floats(seed: 7)
        )
        print("the decoder's first layer, 1024 rows of 256")
        report("C, liif_first_layer_float", bytes: 4) {
            liif_first_layer_float(a, b, index, y, x, weightY, weightX, constant, rows, width)
        }
        report("Swift, scalar loop", bytes: 4) {
            firstLayerScalar(a, b, index, y, x, weightY, weightX, constant, rows, width)
        }
        report("Swift, SIMD16<Float>", bytes: 4) {
            firstLayerVectors(a, b, index, y, x, weightY, weightX, constant, rows, width)
        }
    }

    /// The best of many rounds, in microseconds and in gigabytes a second of what the loop reads and writes.
    static func report(_ name: String, bytes: Int, _ body: () -> Void) {
        var best = Double.infinity
        for _ in 0..<400 {
            let start = ContinuousClock.now
            body()
            best = min(best, (ContinuousClock.now - start) / .microseconds(1))
        }
        let rate = Double(bytes * count) / best / 1000
        let (time, gigabytes) = ((best * 10).rounded() / 10, (rate * 10).rounded() / 10)
        print("  \(name): \(time) µs, \(gigabytes) GB/s")
    }

    static func floats(seed: UInt32) -> UnsafeMutablePointer<Float> {
        let values = UnsafeMutablePointer<Float>.allocate(capacity: count)
        var state = seed
        for i in 0..<count {
            state = state &* 1_664_525 &+ 1_013_904_223
            (values + i).initialize(to: Float(state >> 8) / Float(1 << 24) - 0.5)
        }
        return values
    }
}
