/// Memory that one worker's convolutions use one after another; it grows to what the largest needs.
package final class ConvolutionScratch {
    private var buffer = AlignedBuffer(byteCount: 0)

    package init() {}

    /// At least `count` floats, valid until the next call.
    func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
        if buffer.byteCount < count * 4 { buffer = AlignedBuffer(floats: count) }
        return buffer.floats
    }

    /// At least `count` bytes, valid until the next call.
    func bytes(_ count: Int) -> UnsafeMutableRawPointer { UnsafeMutableRawPointer(floats((count + 3) / 4)) }
}
