import LIIF
import LIIFEvaluation
import LIIFTraining

/// A method that is ready to be measured.
struct Contender {
    var resolver: any SuperResolver
    /// What messages call it: its model's file, or the method.
    var name: String
    /// Tells it from every other: the method, or its model's digest and what that is measured in.
    var fingerprint: String
}

extension Reproduction {
    /// A method at a scale; nil where its model is not trained.
    func contender(_ method: Method, scale: Int) throws -> Contender? {
        switch method.source {
        case .bicubic:
            return Contender(resolver: BicubicUpscaler(), name: method.name, fingerprint: "bicubic")
        case .siren:
            return Contender(
                resolver: SIRENUpscaler(name: method.name, settings: siren), name: method.name,
                fingerprint: "siren \(siren.iterations) \(siren.learningRate) \(siren.seed)")
        case .embedded: return contender(try LIIFModel.default(), at: method.name, method)
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
        return contender(model, at: path, method, cellPart: cellPart)
    }

    private func contender(
        _ model: LIIFModel, at place: String, _ method: Method, cellPart: Int? = nil
    ) -> Contender {
        Contender(
            resolver: LIIFUpscaler(model, name: method.name, precision: precision, cellPart: cellPart),
            name: place,
            fingerprint: "\(model.digest()) \(precision.rawValue)"
                + (cellPart.map { " cell 1/\($0)" } ?? ""))
    }
}
