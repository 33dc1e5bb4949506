package import Imaging
package import LIIFTraining

/// A low-resolution picture and what it should become.
package struct EvaluationPair: Sendable {
    /// The original's file name without extension.
    package var name: String
    /// The original's path, for errors.
    package var file: String
    /// What the super-resolver sees, RGB.
    package var input: Image<UInt8>
    /// What it should return, RGB.
    package var truth: Image<UInt8>
}

/// Pictures at one scale under one protocol.
package struct EvaluationTask: Sendable {
    /// The set's name.
    package var set: String
    /// The scale as a table's column names it, such as `×4`.
    package var scale: String
    /// How to measure.
    package var evaluationProtocol: EvaluationProtocol
    /// Pictures.
    package var count: Int
    /// The picture of an index; safe to call from several threads.
    package var pair: @Sendable (Int) throws -> EvaluationPair
}

/// A file's name without its folder and extension.
func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
}
