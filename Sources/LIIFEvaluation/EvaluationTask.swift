package import Imaging
package import LIIFTraining

/// A low-resolution picture and what it should become.
package struct EvaluationPair: Sendable {
    /// As tables name it; see `pictureNames`.
    package var name: String
    /// The original's path, for errors.
    package var file: String
    /// What the super-resolver sees, RGB.
    package var input: Image<UInt8>
    /// What it should return, RGB.
    package var truth: Image<UInt8>

    package init(name: String, file: String, input: Image<UInt8>, truth: Image<UInt8>) {
        self.name = name
        self.file = file
        self.input = input
        self.truth = truth
    }
}

/// Pictures at one scale under one protocol.
package struct EvaluationTask: Sendable {
    /// The set's name.
    package var set: String
    /// The scale as a table's column names it, such as `×4`.
    package var scale: String
    /// How to measure.
    package var evaluationProtocol: EvaluationProtocol
    /// All files that are read: a measurement is out of date when one of them has changed.
    package var files: [String]
    /// Pictures.
    package var count: Int
    /// The picture of an index; safe to call from several threads.
    package var pair: @Sendable (Int) throws -> EvaluationPair

    package init(
        set: String, scale: String, evaluationProtocol: EvaluationProtocol, files: [String], count: Int,
        pair: @escaping @Sendable (Int) throws -> EvaluationPair
    ) {
        self.set = set
        self.scale = scale
        self.evaluationProtocol = evaluationProtocol
        self.files = files
        self.count = count
        self.pair = pair
    }
}
