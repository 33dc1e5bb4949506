import ImageCodecs
import Imaging
import LIIFEvaluation
import LIIFTraining

extension Reproduction {
    /// A figure's Markdown; its panels go into a picture beside it.
    func report(_ study: FigureStudy, named name: String, progress: (String) -> Void) throws -> String {
        let file = picture ?? study.picture
        let input = try study.input(of: Image<UInt8>.read(from: file).rgb(), named: file)
        let (extent, shown) = (input.height * study.scale, study.shown)
        guard shown.y + shown.extent <= input.height, shown.x + shown.extent <= input.width else {
            throw ReproductionError.tooSmall(
                picture: file, width: input.width, height: input.height, least: shown.extent)
        }
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
        if let scale = study.measuredScale, let set = try data.set(.validation) {
            text += "\n" + (try measuredPatches(study, on: set, scale: scale, progress: progress))
        }
        return text
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
    private func measuredPatches(
        _ study: FigureStudy, on set: EvaluationSet, scale: Int, progress: (String) -> Void
    ) throws -> String {
        let task = try FigureStudy.patches(of: set, scale: scale)
        var table = EvaluationTable()
        for method in study.methods {
            progress("\(task.set) \(task.scale)  \(method.name)")
            guard let contender = try contender(method, scale: scale) else { continue }
            let place = "\(set.originals.path) \(set.originals.files.count) patches"
            var result = try measurements.result("\(contender.fingerprint) | \(place) | \(task.scale)") {
                try measure(contender.resolver, on: task)
            }
            result.method = method.name
            table.results.append(result)
        }
        guard !table.results.isEmpty else { return "" }
        let claims = study.claims.map { "- " + $0.verdict(table, set: task.set) + "\n" }
        return
            "Mean PSNR (dB, RGB) on \(task.count) patches of \(FigureStudy.patch)×\(FigureStudy.patch):\n\n"
            + table.markdown + "\n" + claims.joined()
    }
}
