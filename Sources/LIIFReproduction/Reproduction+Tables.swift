import Foundation
import LIIFEvaluation
import LIIFTraining

extension Reproduction {
    /// A section of a table whose pictures are there.
    struct OpenedSection {
        var section: TableStudy.Section
        var source: Source
        /// What is measured, by scale.
        var tasks: [Int: EvaluationTask]
    }

    /// Opens all pictures that a table is measured on, at all scales.
    /// - Throws: `ReproductionError.noPictures` where none of its sets is there, or what is wrong with a set.
    func open(_ study: TableStudy, named name: String) throws -> [OpenedSection] {
        let sections = try study.sections.compactMap { section -> OpenedSection? in
            guard let source = try source(of: section.pictures) else { return nil }
            let tasks = try section.scales.map { ($0, try task(source, scale: $0)) }
            return OpenedSection(
                section: section, source: source, tasks: Dictionary(uniqueKeysWithValues: tasks))
        }
        guard !sections.isEmpty else {
            throw ReproductionError.noPictures(experiment: name, folder: data.root)
        }
        return sections
    }

    /// A table's Markdown: its sections, each with the published rows beside ours and the claims below.
    func report(_ sections: [OpenedSection], progress: (String) -> Void) throws -> String {
        var parts: [String] = []
        for opened in sections {
            let (section, source) = (opened.section, opened.source)
            // Of the files as they are now: since they were opened, models may have been trained for days.
            let pictures = opened.tasks.mapValues {
                MeasuredPictures(task: $0, fingerprint: fingerprint(of: $0.files))
            }
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
        return parts.joined(separator: "\n")
    }

    /// A set of pictures to measure on, and where its published figures are.
    struct Source {
        var name: String
        var publishedSet: String
        var style: EvaluationSet.Style
        var set: EvaluationSet?
        var recipe: EvaluationRecipe?
    }

    /// What is measured at one scale.
    private struct MeasuredPictures {
        var task: EvaluationTask
        /// Of the files themselves, and of faces those of their split.
        var fingerprint: String
    }

    private func task(_ source: Source, scale: Int) throws -> EvaluationTask {
        try source.set?.task(scale: scale) ?? source.recipe!.task(name: source.name, root: data.root)
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
        _ method: Method, _ source: Source, _ pictures: MeasuredPictures, scale: Int
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
