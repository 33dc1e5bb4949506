import Foundation
import LIIFEvaluation
import LIIFTraining

extension Reproduction {
    /// A table's Markdown: its sections, each with the published rows beside ours and the claims below.
    func report(_ study: TableStudy, named name: String, progress: (String) -> Void) throws -> String {
        var parts: [String] = []
        for section in study.sections {
            guard let source = try source(of: section.pictures) else { continue }
            // All scales are opened before the first picture is spent on, and once for all methods.
            let pictures = try Dictionary(
                uniqueKeysWithValues: section.scales.map { ($0, try opened(source, scale: $0)) })
            var table = EvaluationTable()
            for method in section.methods {
                for scale in section.scales where method.knows(scale: scale) {
                    progress("\(source.name) ×\(scale)  \(method.name)")
                    if let result = try measured(method, source, pictures[scale]!, scale: scale) {
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

    /// Opens all pictures that a table is measured on, at all scales.
    func check(_ study: TableStudy, named name: String) throws {
        var isMeasured = false
        for section in study.sections {
            guard let source = try source(of: section.pictures) else { continue }
            for scale in section.scales { _ = try opened(source, scale: scale) }
            isMeasured = true
        }
        guard isMeasured else { throw ReproductionError.noPictures(experiment: name, folder: data.root) }
    }

    /// A set of pictures to measure on, and where its published figures are.
    private struct Source {
        var name: String
        var publishedSet: String
        var style: EvaluationSet.Style
        var set: EvaluationSet?
        var recipe: EvaluationRecipe?
    }

    /// What is measured at one scale.
    private struct OpenedPictures {
        var task: EvaluationTask
        /// Of the files themselves, and of faces those of their split.
        var fingerprint: String
    }

    private func opened(_ source: Source, scale: Int) throws -> OpenedPictures {
        let task =
            try source.set?.task(scale: scale)
            ?? source.recipe!.task(name: source.name, root: data.root)
        return OpenedPictures(task: task, fingerprint: fingerprint(of: task.files))
    }

    private func source(of pictures: TableStudy.Pictures) throws -> Source? {
        if case .faces(let low, let high) = pictures {
            guard
                FileManager.default.fileExists(
                    atPath: "\(data.root)/" + (data.kind == .plain ? "faces256" : "load/celebAHQ"))
            else { return nil }
            let recipe = try EvaluationRecipe(
                contentsOf: "\(folders.recipes)/evaluate-celebahq-\(low)-\(high).yaml")
            let name = "Faces \(low)→\(high)"
            return Source(name: name, publishedSet: name, style: .faces, recipe: data.adapted(recipe))
        }
        guard let set = try data.set(pictures) else { return nil }
        return Source(
            name: set.name, publishedSet: set.style == .divided2K ? "DIV2K" : set.name, style: set.style,
            set: set)
    }

    private func measured(
        _ method: Method, _ source: Source, _ pictures: OpenedPictures, scale: Int
    ) throws -> EvaluationTable.Result? {
        guard let contender = try contender(method, scale: scale) else { return nil }
        let key =
            "\(contender.fingerprint) | \(source.name) \(pictures.fingerprint) | \(source.style) ×\(scale)"
        var result = try measurements.result(key) {
            guard contender.resolver.takes(scale: scale) else {
                throw ReproductionError.otherScale(contender.name, scale: scale)
            }
            try source.recipe?.check(contender.resolver)
            return try measure(contender.resolver, on: pictures.task)
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
