import Foundation
import ImageCodecs
import Imaging
import LIIFEvaluation
import LIIFTraining

extension Reproduction {
    /// A figure's Markdown; its panels go into a picture beside it.
    func report(_ figure: OpenedFigure, named name: String, progress: (String) -> Void) throws -> String {
        let (study, input) = (figure.study, figure.input)
        let (extent, shown) = (input.height * study.scale, study.shown)
        let side = shown.extent * study.scale
        var sheet = PanelSheet(columns: 3)
        let whole = input.enlargedToNearest(height: side, width: side)
        sheet.add(
            "input, \(input.width)x\(input.height)",
            whole.outlined(
                y: shown.y * side / input.height, x: shown.x * side / input.width,
                extent: shown.extent * side / input.height))
        var missing: [String] = []
        for method in study.methods {
            progress("\(name)  \(method.name)")
            guard let contender = try contender(method, scale: study.scale) else {
                missing.append(method.name)
                continue
            }
            let output = try enlarged(input, by: contender.resolver, height: extent, width: extent)
            sheet.add(
                contender.resolver.fixedScale == nil ? method.name : method.name + ", bicubic",
                output.cropped(
                    y: shown.y * study.scale, x: shown.x * study.scale, height: side, width: side))
        }
        try sheet.drawn().write(to: "\(folders.output)/\(name).png")
        let (names, absent) = (study.methods.map(\.name), missing.joined(separator: ", "))
        var text = "![\(names.joined(separator: ", "))](\(name).png)\n\n"
        text += "\(input.width)×\(input.height) pixels at ×\(study.scale); the panels show the framed part.\n"
        if !missing.isEmpty { text += "\nNot trained, so without a panel: \(absent).\n" }
        if let patches = figure.patches {
            text += "\n" + (try measured(study, on: patches, progress: progress))
        }
        return text
    }

    /// A figure with what it shows and measures.
    struct OpenedFigure {
        var study: FigureStudy
        var input: Image<UInt8>
        /// Nil where it measures nothing, or there are no pictures.
        var patches: Patches?
    }

    /// Opens what a figure shows and measures.
    func open(_ study: FigureStudy, named name: String) throws -> OpenedFigure {
        let file = try picture ?? ownPicture(of: study, named: name)
        let input = try study.input(of: Image<UInt8>.read(from: file).rgb(), named: file)
        let shown = study.shown
        guard shown.y + shown.extent <= input.height, shown.x + shown.extent <= input.width else {
            throw ReproductionError.tooSmall(
                picture: file, width: input.width, height: input.height, least: shown.extent)
        }
        return OpenedFigure(study: study, input: input, patches: try patches(of: study))
    }

    /// The figure's own picture, in the current folder or in that of this project, where the recipes are.
    /// - Throws: `ReproductionError.noPicture`.
    private func ownPicture(of study: FigureStudy, named name: String) throws -> String {
        let places = [study.picture, "\(folders.recipes)/../\(study.picture)"]
        guard let place = places.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw ReproductionError.noPicture(experiment: name, picture: study.picture)
        }
        return place
    }

    /// What a study measures its methods on; nil where it measures nothing, or there are no pictures.
    private func patches(of study: FigureStudy) throws -> Patches? {
        guard let scale = study.measuredScale, let set = try data.set(.validation) else { return nil }
        let task = try FigureStudy.patches(of: set, scale: scale)
        return Patches(task: task, scale: scale, leftOut: set.originals.files.count - task.count)
    }

    /// What methods are measured on.
    struct Patches {
        var task: EvaluationTask
        var scale: Int
        /// Pictures that are too small.
        var leftOut: Int
    }

    /// A picture at an extent; a model of one scale goes there first, the rest of the way is bicubic.
    private func enlarged(
        _ input: Image<UInt8>, by resolver: any SuperResolver, height: Int, width: Int
    ) throws -> Image<UInt8> {
        guard let scale = resolver.fixedScale else {
            return try resolver.upscaled(input, height: height, width: width).rounded()
        }
        return try resolver.upscaled(input, height: input.height * scale, width: input.width * scale)
            .rounded().resizedBicubic(height: height, width: width)
    }

    /// The methods' PSNR where the truth is known: on the middle of each validation picture.
    private func measured(
        _ study: FigureStudy, on patches: Patches, progress: (String) -> Void
    ) throws -> String {
        let (task, place) = (patches.task, fingerprint(of: patches.task.files))
        var table = EvaluationTable()
        for method in study.methods {
            progress("\(task.set) \(task.scale)  \(method.name)")
            guard let contender = try contender(method, scale: patches.scale) else { continue }
            let key = "\(contender.fingerprint) | \(place) patches | \(task.scale)"
            var result = try measurements.result(key) {
                try measure(contender.resolver, on: task)
            }
            (result.method, result.set, result.scale) = (method.name, task.set, task.scale)
            table.results.append(result)
        }
        guard !table.results.isEmpty else { return "" }
        let claims = study.claims.map { "- " + $0.verdict(table, set: task.set) + "\n" }
        let note = patches.leftOut == 0 ? "" : " (pictures left out as too small: \(patches.leftOut))"
        return
            "Mean PSNR (dB, RGB) on \(task.count) patches of \(FigureStudy.patch)×\(FigureStudy.patch)\(note):\n\n"
            + table.markdown + "\n" + claims.joined()
    }
}
