import Tensors

/// Bytes per second between memory and all cores, read and written, in GB/s: each core copies a buffer that no
/// cache holds.
func measureBandwidth(workers: Int = Workers.count) throws -> Double {
    let bytes = 64 << 20
    let buffers = (0..<(2 * workers)).map { _ in AlignedBuffer(byteCount: bytes) }
    let clock = ContinuousClock()
    var best = 0.0
    for _ in 0..<4 {
        let time = try clock.measure {
            try Workers.run(workers, workers: workers) { _, item in
                copyBytes(to: buffers[2 * item].pointer, from: buffers[2 * item + 1].pointer, count: bytes)
            }
        }
        best = max(best, Double(2 * bytes * workers) / (time / .seconds(1)) * 1e-9)
    }
    return best
}
