import COneDNN

/// oneDNN's product of unsigned 8-bit activations and signed 8-bit weights.
final class EightBitProduct: IntegerProduct {
    private let primitive: Primitive
    private let weights, bias: AlignedBuffer

    init(rows: Int, inner: Int, weights plain: [Int16], scales: [Float], bias plainBias: [Float]) throws {
        let columns = scales.count
        primitive = try Primitive("8-bit product [\(rows), \(inner)]·[\(inner), \(columns)]") { out in
            scales.withUnsafeBufferPointer { scales in
                var specification = liif_product(
                    rows: Int64(rows), columns: Int64(columns), inner: Int64(inner), transposedSource: 0,
                    packedWeights: 1, source: LIIF_UINT8, destination: LIIF_UINT8, accumulate: 0, relu: 1,
                    bias: 1, scales: scales.baseAddress)
                return liif_product_create(&out, &specification)
            }
        }
        bias = AlignedBuffer(floats: columns)
        liif_pack_bias(primitive.handle, plainBias, bias.floats)
        weights = AlignedBuffer(byteCount: primitive.weightByteCount)
        try check(
            liif_pack(primitive.handle, plain.map { Int8($0) }, Int64(inner), 1, weights.pointer),
            "packing the weights of \(primitive.name)")
    }

    func callAsFunction(source: UnsafeMutableRawPointer, destination: UnsafeMutableRawPointer) {
        withUnsafeArguments(source, weights.pointer, bias.pointer, destination) { primitive.execute($0) }
    }
}
