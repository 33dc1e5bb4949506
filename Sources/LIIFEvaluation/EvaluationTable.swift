/// What was measured: each method on each set at each scale.
public struct EvaluationTable: Sendable, Equatable, Codable {
    /// One picture's measure.
    public struct Picture: Sendable, Equatable, Codable {
        /// The original's file name without extension; with it, or with folders before it, where two originals would
        /// have one name.
        public var name: String
        /// dB; infinite where the prediction is the original.
        public var psnr: Double
        /// The output's extent in pixels.
        public var height: Int
        /// The output's extent in pixels.
        public var width: Int
        /// Wall time of the super-resolver alone.
        public var seconds: Double

        /// One picture's measure.
        public init(name: String, psnr: Double, height: Int, width: Int, seconds: Double) {
            self.name = name
            self.psnr = psnr
            self.height = height
            self.width = width
            self.seconds = seconds
        }
    }

    /// One method on one set at one scale.
    public struct Result: Sendable, Equatable, Codable {
        /// The super-resolver's name.
        public var method: String
        /// The set's name.
        public var set: String
        /// For example `×4`.
        public var scale: String
        /// `eval_type`: `div2k-4`, `benchmark-4` or `none`.
        public var protocolName: String
        /// Each picture in the set's order; empty for a published figure.
        public var pictures: [Picture]
        /// dB, the mean of the pictures' PSNR (not the PSNR of a mean error).
        public var psnr: Double

        /// A result measured here; its PSNR is the pictures' mean.
        ///
        /// - Precondition: there is at least one picture.
        public init(method: String, set: String, scale: String, protocolName: String, pictures: [Picture]) {
            precondition(!pictures.isEmpty)
            self.method = method
            self.set = set
            self.scale = scale
            self.protocolName = protocolName
            self.pictures = pictures
            psnr = pictures.reduce(0) { $0 + $1.psnr } / Double(pictures.count)
        }

        /// A figure published elsewhere.
        init(method: String, set: String, scale: String, protocolName: String, published psnr: Double) {
            self.method = method
            self.set = set
            self.scale = scale
            self.protocolName = protocolName
            pictures = []
            self.psnr = psnr
        }
    }

    /// In the order measured.
    public var results: [Result]

    /// A table of results.
    public init(results: [Result] = []) { self.results = results }

    /// Both tables' results.
    public static func + (a: EvaluationTable, b: EvaluationTable) -> EvaluationTable {
        EvaluationTable(results: a.results + b.results)
    }

    /// The mean PSNR of a method, nil where it was not measured.
    public func psnr(method: String, set: String, scale: String) -> Double? {
        results.first { $0.method == method && $0.set == set && $0.scale == scale }?.psnr
    }
}
