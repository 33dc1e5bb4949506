import Foundation
import LIIFEvaluation
import LIIFTraining

extension Reproduction {
    /// A table's Markdown: its sections, each with the published rows beside ours and the claims below.
    func report(_ study: TableStudy, named name: String, progress: (String) -> Void) throws -> String {
        var parts: [String] = []
        for section in study.sections {
            guard let source = try source(of: section.pictures) else { continue }
            var table = EvaluationTable()
            for method in section.methods {
                for scale in section.scales where method.knows(scale: scale) {
                    progress("\(source.name) ×\(scale)  \(method.name)")
                    if let result = try measured(method, source, scale: scale) {
                        table.results.append(result)
                    }
                }
                table = table + published(source, scales: section.scales) { $0 == method.name }
            }
            if case .benchmark = section.pictures {
                let names = Set(section.methods.map(\.name))
                table = table + published(source, scales: section.scales) { !names.contains($0) }
            }
            let verdicts = section.claims.map { "- " + $0.verdict(table, set: source.name) + "\n" }
            parts.append(table.markdown + "\n" + verdicts.joined())
        }
        guard !parts.isEmpty else { throw ReproductionError.noPictures(experiment: name, folder: data.root) }
        return parts.joined(separator: "\n")
    }

    /// A set of pictures to measure on, and where its published figures are.
    private struct Source {
        var name: String
        var publishedSet: String
        var style: EvaluationSet.Style
        var set: EvaluationSet?
        var recipe: EvaluationRecipe?

        /// The pictures at a scale.
        func task(scale: Int, root: String) throws -> EvaluationTask {
            try set?.task(scale: scale) ?? recipe!.task(name: name, root: root)
        }
    }

    private func source(of pictures: TableStudy.Pictures) throws -> Source? {
        if case .faces(let low, let high) = pictures {
            guard
                FileManager.default.fileExists(
                    atPath: "\(data.root)/" + (data.kind == .plain ? "faces256" : "load/celebAHQ"))
            else { return nil }
            var recipe = try EvaluationRecipe(
                contentsOf: "\(folders.recipes)/evaluate-celebahq-\(low)-\(high).yaml")
            recipe.dataset = data.adapted(recipe.dataset)
            let name = "Faces \(low)→\(high)"
            return Source(
                name: name, publishedSet: name, style: .faces, recipe: recipe)
        }
        guard let set = try data.set(pictures) else { return nil }
        return Source(
            name: set.name, publishedSet: set.style == .divided2K ? "DIV2K" : set.name, style: set.style,
            set: set)
    }

    private func measured(
        _ method: Method, _ source: Source, scale: Int
    ) throws -> EvaluationTable.Result? {
        guard let contender = try contender(method, scale: scale) else { return nil }
        // Of the files themselves, and of faces those of their split.
        let files = fingerprint(of: try source.task(scale: scale, root: data.root).files)
        let key = "\(contender.fingerprint) | \(source.name) \(files) | \(source.style) ×\(scale)"
        var result = try measurements.result(key) {
            let table: EvaluationTable
            if let set = source.set {
                table = try evaluate(contender.resolver, on: set, scales: [scale])
            } else {
                table = try evaluate(
                    contender.resolver, on: source.recipe!, name: source.name, root: data.root)
            }
            guard let result = table.results.first else {
                throw ReproductionError.otherScale(contender.fingerprint, scale: scale)
            }
            return result
        }
        (result.method, result.set, result.scale) = (method.name, source.name, "×\(scale)")
        return result
    }

    /// Published rows of a set, of the methods that are wanted.
    private func published(
        _ source: Source, scales: [Int], _ isWanted: (_ method: String) -> Bool
    ) -> EvaluationTable {
        let columns = Set(scales.map { "×\($0)" })
        let rows = PublishedFigures.rows(set: source.publishedSet).filter { isWanted($0.method) }
            .map { $0.table(style: source.style, setName: source.name) }.reduce(EvaluationTable(), +)
        return EvaluationTable(results: rows.results.filter { columns.contains($0.scale) })
    }
}
