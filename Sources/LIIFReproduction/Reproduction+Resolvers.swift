import Foundation
import Hashing
import LIIF
import LIIFEvaluation
import LIIFTraining

/// A method that is ready to be measured.
struct Contender {
    var resolver: any SuperResolver
    /// Tells it from every other: its name, or its model's bytes.
    var fingerprint: String
}

extension Reproduction {
    /// Not 8-bit integers, whose 0.003 dB is as much as some rows differ by.
    private static var precision: InferencePrecision {
        InferencePrecision.bfloat16.isSupported ? .bfloat16 : .float32
    }

    /// A method at a scale; nil where its model is not trained.
    func contender(_ method: Method, scale: Int) throws -> Contender? {
        switch method.source {
        case .bicubic: return Contender(resolver: BicubicUpscaler(), fingerprint: "bicubic")
        case .siren:
            return Contender(
                resolver: SIRENUpscaler(name: method.name, settings: siren),
                fingerprint: "siren \(siren.iterations) \(siren.learningRate) \(siren.seed)")
        case .embedded:
            return Contender(
                resolver: LIIFUpscaler(
                    try LIIFModel.default(), name: method.name, precision: Self.precision),
                fingerprint: String(fnv1a(LIIFModel.defaultFile), radix: 16))
        case .recipe(let name, let weights): return try model(name, weights, method)
        case .toldCell(let name, let part): return try model(name, .last, method, cellPart: part)
        case .modules(let names): return try names[scale].flatMap { try model($0, .last, method) }
        }
    }

    private func model(
        _ name: String, _ weights: Method.Weights, _ method: Method, cellPart: Int? = nil
    ) throws -> Contender? {
        guard let path = store.model(name, weights) else { return nil }
        let model = try LIIFModel(contentsOf: path)
        let expected = try ModelConfiguration(store.recipe(name).modelSection)
        guard model.configuration.isOfTheMethod(of: expected) else {
            throw ReproductionError.otherModel(
                path, recipe: name, found: model.configuration.summary, expected: expected.summary)
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        return Contender(
            resolver: LIIFUpscaler(
                model, name: method.name, precision: Self.precision, cellPart: cellPart),
            fingerprint: String(fnv1a(bytes), radix: 16) + (cellPart.map { " cell 1/\($0)" } ?? ""))
    }
}
