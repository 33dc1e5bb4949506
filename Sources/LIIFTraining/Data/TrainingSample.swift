public import LIIF

/// One training example: a low-resolution picture, and points of the original with their colours.
public struct TrainingSample: Sendable, Equatable {
    /// Colours in [0, 1], [H, W, 3], channels interleaved.
    public var input: [Float]
    /// H.
    public var inputHeight: Int
    /// W.
    public var inputWidth: Int
    /// Centres of pixels of the truth, [Q, 2], each (y, x) in [−1, 1].
    public var coordinates: [Float]
    /// Extent of those pixels in the same unit.
    public var cell: Cell
    /// The pixels' colours in [0, 1], [Q, 3].
    public var colours: [Float]
    /// Extent in pixels of the truth that the points are taken from.
    public var truthHeight: Int
    /// Extent in pixels of the truth that the points are taken from.
    public var truthWidth: Int
    /// Whether the points are all of the truth's pixels, row by row.
    public var isWhole: Bool

    package init(
        input: [Float], inputHeight: Int, inputWidth: Int, coordinates: [Float], cell: Cell,
        colours: [Float], truthHeight: Int, truthWidth: Int, isWhole: Bool = false
    ) {
        precondition(input.count == inputHeight * inputWidth * 3)
        precondition(coordinates.count / 2 * 3 == colours.count)
        precondition(!isWhole || colours.count == truthHeight * truthWidth * 3)
        self.input = input
        self.inputHeight = inputHeight
        self.inputWidth = inputWidth
        self.coordinates = coordinates
        self.cell = cell
        self.colours = colours
        self.truthHeight = truthHeight
        self.truthWidth = truthWidth
        self.isWhole = isWhole
    }

    /// Q.
    public var queryCount: Int { colours.count / 3 }
}

/// Training examples by index. Each is a pure function of index, epoch and seed.
public protocol SampleSet: Sendable {
    /// Examples of an epoch, repetitions included.
    var count: Int { get }

    /// One example; safe to call from several threads.
    ///
    /// Validation passes the same epoch each time, so that it measures the same points.
    /// - Parameter index: 0..<count.
    /// - Throws: an error that names the file that cannot be read.
    func sample(index: Int, epoch: Int, seed: UInt64) throws -> TrainingSample
}
