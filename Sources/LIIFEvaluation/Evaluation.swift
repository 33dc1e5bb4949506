import Imaging
import LIIFTraining
import RecipeFormat

/// How far a measurement has come.
public struct EvaluationProgress: Sendable {
    /// The super-resolver's name.
    public var method: String
    /// The set, as in the table.
    public var set: String
    /// The scale, as in the table.
    public var scale: String
    /// Pictures measured, the latest included.
    public var done: Int
    /// Pictures of the set.
    public var count: Int
    /// The latest picture.
    public var latest: EvaluationTable.Picture
}

/// Measures super-resolvers, one after another, on sets at several scales, one picture after another.
///
/// - Parameters:
///   - scales: whole scales of at least 1. A resolver of one scale is measured at that scale alone, if it is among
///     them: the other columns of its row stay empty, as in the paper's tables.
///   - progress: called after each picture.
/// - Throws: `EvaluationError`, `DatasetError` or `ImageCodecError` naming a file, or what a resolver throws.
public func evaluate(
    _ resolvers: [any SuperResolver], on sets: [EvaluationSet], scales: [Int],
    progress: (EvaluationProgress) throws -> Void = { _ in }
) throws -> EvaluationTable {
    precondition(scales.allSatisfy { $0 >= 1 })
    // Before the first picture is spent on, all sets are checked at all scales: sizes, and whether supplied inputs are there.
    let known = scales.filter { scale in resolvers.contains { $0.takes(scale: scale) } }
    let tasks = try sets.map { set in try known.map { (scale: $0, task: try set.task(scale: $0)) } }.joined()
    return EvaluationTable(
        results: try resolvers.flatMap { resolver in
            try tasks.filter { resolver.takes(scale: $0.scale) }
                .map { try measure(resolver, on: $0.task, progress: progress) }
        })
}

/// Measures super-resolvers, one after another, on what a recipe in the released schema describes; its folders are opened
/// once for all of them.
///
/// - Parameters:
///   - name: the set's name in the table.
///   - root: the folder that the recipe's relative paths start from; nil for the current one.
///   - progress: called after each picture.
/// - Throws: `RecipeError` for a `data_norm` that is not a model's and for pictures at another scale than a model's one,
///   else as for a set.
public func evaluate(
    _ resolvers: [any SuperResolver], on recipe: EvaluationRecipe, name: String, root: String? = nil,
    progress: (EvaluationProgress) throws -> Void = { _ in }
) throws -> EvaluationTable {
    for resolver in resolvers { try recipe.check(resolver) }
    let task = try recipe.task(name: name, root: root)
    // Before the first picture is spent on. Of a set of several scales it is seen at the first that does not fit.
    if task.scale.hasPrefix("×") {
        for resolver in resolvers {
            guard let scale = resolver.fixedScale, task.scale != "×\(scale)" else { continue }
            throw RecipeError.wrongValue(
                .init(file: recipe.file, keyPath: "test_dataset"), found: "pictures at \(task.scale)",
                expected: "×\(scale), the one scale of the \(resolver.name)")
        }
    }
    return EvaluationTable(results: try resolvers.map { try measure($0, on: task, progress: progress) })
}

/// Measures a super-resolver on any pictures.
package func measure(
    _ resolver: any SuperResolver, on task: EvaluationTask,
    progress: (EvaluationProgress) throws -> Void = { _ in }
) throws -> EvaluationTable.Result {
    let clock = ContinuousClock()
    var pictures: [EvaluationTable.Picture] = []
    for index in 0..<task.count {
        let pair = try task.pair(index)
        let (height, width) = (pair.truth.height, pair.truth.width)
        guard task.evaluationProtocol.measures(height: height, width: width) else {
            throw EvaluationError.tooSmall(
                file: pair.file, size: .init(height: height, width: width),
                border: task.evaluationProtocol.border, scale: task.scale)
        }
        let start = clock.now
        let prediction = try resolver.upscaled(pair.input, height: height, width: width)
        let seconds = (clock.now - start) / .seconds(1)
        let picture = EvaluationTable.Picture(
            name: pair.name, psnr: task.evaluationProtocol.psnr(prediction: prediction, truth: pair.truth),
            height: height, width: width, seconds: seconds)
        pictures.append(picture)
        try progress(
            EvaluationProgress(
                method: resolver.name, set: task.set, scale: task.scale, done: pictures.count,
                count: task.count, latest: picture))
    }
    return EvaluationTable.Result(
        method: resolver.name, set: task.set, scale: task.scale,
        protocolName: task.evaluationProtocol.name ?? "none", pictures: pictures)
}
