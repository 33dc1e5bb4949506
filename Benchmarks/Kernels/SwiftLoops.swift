// What the C kernels would be in Swift: a plain loop, and one over 16 lanes.

typealias Floats = UnsafeMutablePointer<Float>

private func vectors<Scalar>(_ pointer: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<SIMD16<Scalar>>
{
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: SIMD16<Scalar>.self)
}

@inline(never) func addScalar(_ sum: Floats, _ x: Floats) {
    for i in 0..<KernelBenchmark.count { sum[i] += x[i] }
}

@inline(never) func addVectors(_ sum: Floats, _ x: Floats) {
    let (sum, x) = (vectors(sum), vectors(x))
    for i in 0..<KernelBenchmark.count / 16 { sum[i] += x[i] }
}

/// As the C kernel: NaN stays NaN, all else rounds to nearest even.
@inline(never) func narrowScalar(_ out: UnsafeMutablePointer<UInt16>, _ x: Floats) {
    for i in 0..<KernelBenchmark.count {
        let bits = x[i].bitPattern
        let rounded = (bits &+ 0x7fff &+ ((bits >> 16) & 1)) >> 16
        out[i] = UInt16(truncatingIfNeeded: bits & 0x7fff_ffff > 0x7f80_0000 ? bits >> 16 | 0x40 : rounded)
    }
}

@inline(never) func narrowVectors(_ out: UnsafeMutablePointer<UInt16>, _ x: Floats) {
    let (out, x) = (vectors(out), vectors(x))
    for i in 0..<KernelBenchmark.count / 16 {
        let bits = unsafeBitCast(x[i], to: SIMD16<UInt32>.self)
        let rounded = (bits &+ 0x7fff &+ ((bits &>> 16) & 1)) &>> 16
        let isNaN = (bits & 0x7fff_ffff) .> 0x7f80_0000
        out[i] = SIMD16<UInt16>(truncatingIfNeeded: rounded.replacing(with: bits &>> 16 | 0x40, where: isNaN))
    }
}

@inline(never) func firstLayerScalar(
    _ out: Floats, _ latents: Floats, _ index: UnsafeMutablePointer<Int32>, _ y: Floats, _ x: Floats,
    _ weightY: Floats, _ weightX: Floats, _ constant: Floats, _ rows: Int, _ width: Int
) {
    for row in 0..<rows {
        let latent = latents + Int(index[row]) * width
        let target = out + row * width
        for c in 0..<width {
            target[c] = max(0, latent[c] + y[row] * weightY[c] + x[row] * weightX[c] + constant[c])
        }
    }
}

@inline(never) func firstLayerVectors(
    _ out: Floats, _ latents: Floats, _ index: UnsafeMutablePointer<Int32>, _ y: Floats, _ x: Floats,
    _ weightY: Floats, _ weightX: Floats, _ constant: Floats, _ rows: Int, _ width: Int
) {
    let (weightY, weightX, constant) = (vectors(weightY), vectors(weightX), vectors(constant))
    for row in 0..<rows {
        let latent = vectors(latents + Int(index[row]) * width)
        let target = vectors(out + row * width)
        for c in 0..<width / 16 {
            let sum = latent[c] + y[row] * weightY[c] + x[row] * weightX[c] + constant[c]
            target[c] = sum.replacing(with: 0, where: sum .< 0)
        }
    }
}
