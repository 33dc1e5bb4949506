import Files

/// A storage as a pickle names it.
struct StorageReference: Equatable {
    let elementType: ElementType
    /// Name of the bytes in the file.
    let key: String
    /// Number of elements.
    let count: Int
}

/// A tensor as PyTorch sees it: a strided view of a storage. Lies inside the storage, always.
struct TensorView: Equatable {
    /// Why a view cannot be.
    struct Failure: Error {
        let reason: String
    }

    let storage: StorageReference
    let shape: [Int]
    /// Distances in elements.
    let strides: [Int]
    /// Number of elements.
    let count: Int
    /// Elements of the storage from the first to the last one used; empty when there are none.
    let span: Range<Int>

    /// - Throws: `Failure` when the view leaves the storage.
    init(storage: StorageReference, offset: Int, shape: [Int], strides: [Int]) throws {
        func failure(_ problem: String) -> Failure {
            let (shape, strides) = (shape.description.printable, strides.description.printable)
            return Failure(
                reason: "a tensor of shape \(shape), strides \(strides) and offset \(offset) \(problem)")
        }
        guard shape.count == strides.count, shape.count <= 32, offset >= 0, strides.allSatisfy({ $0 >= 0 }),
            let count = shape.product()
        else { throw failure("cannot be") }
        var last = offset
        if count > 0 {
            for (extent, stride) in zip(shape, strides) {
                let (distance, overflow) = stride.multipliedReportingOverflow(by: extent - 1)
                let (sum, carry) = last.addingReportingOverflow(distance)
                guard !overflow, !carry else { throw failure("cannot be") }
                last = sum
            }
            guard last < storage.count else {
                throw failure("leaves its storage of \(storage.count) elements")
            }
        }
        self.storage = storage
        self.shape = shape
        self.strides = strides
        self.count = count
        span = count == 0 ? 0..<0 : offset..<last + 1
    }

    /// Whether the elements lie in row-major order without gaps.
    var isContiguous: Bool {
        var expected = 1
        for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
            guard stride == expected else { return false }
            expected *= extent
        }
        return true
    }

    /// Reads the elements in row-major order from a storage that begins at `start`.
    func read(from source: some ByteSource, at start: Int) throws -> StoredTensor {
        let type = storage.elementType
        let spanned = try StoredTensor.Elements(
            reading: source, at: start + span.lowerBound * type.byteCount, count: span.count, type: type)
        guard count > 0, !isContiguous else {
            return StoredTensor(elementType: type, shape: shape, elements: spanned)
        }
        let elements: StoredTensor.Elements =
            switch spanned {
            case .floats(let values): .floats(offsets.map { values[$0] })
            case .integers(let values): .integers(offsets.map { values[$0] })
            }
        return StoredTensor(elementType: type, shape: shape, elements: elements)
    }

    /// Where every element lies in the span, in row-major order.
    private var offsets: [Int] {
        var offsets = [0]
        for (extent, stride) in zip(shape, strides) {
            offsets = offsets.flatMap { base in (0..<extent).map { base + $0 * stride } }
        }
        return offsets
    }
}
