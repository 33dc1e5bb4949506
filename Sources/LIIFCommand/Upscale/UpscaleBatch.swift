import ArgumentParser
import Files
import Foundation
import ImageCodecs
import LIIF

/// All pictures of one command, planned and then done one after another.
struct UpscaleBatch {
    let plan: UpscalePlan
    let upscaler: (LIIFModel?) -> PictureUpscaler
    let model: ModelOptions
    /// Whether there may be several: then a bad one does not end the others.
    let isBatch: Bool
    let printsJSON: Bool
    let isQuiet: Bool

    /// - Throws: Where there is one picture, its error; otherwise `ExitCode.failure` if one or more failed.
    func run(_ inputs: InputList) throws {
        let standardInput =
            try inputs.pictures.contains { $0.path == "-" } ? StandardStreams.readInput() : nil
        defer { withExtendedLifetime(standardInput) {} }
        var failures = inputs.failures
        var pictures: [PlannedPicture] = []
        var unplanned: [(input: InputPicture, error: any Error)] = []
        let line = ProgressLine(isQuiet: isQuiet)
        for (index, var input) in inputs.pictures.enumerated() {
            if isBatch { line.show("\(index + 1)/\(inputs.pictures.count)  \(input.name)  planning") }
            if input.path == "-" { input.path = standardInput!.path }
            do {
                let picture = try plan.picture(input)
                if !isBatch {
                    try picture.refuseItsOwnOutput()
                    try picture.refuseIdleOption()
                }
                pictures.append(picture)
            } catch {
                guard isBatch else {
                    if printsJSON { printJSON(JSONRecord(input.name, named(error, input))) }
                    throw named(error, input)
                }
                unplanned.append((input, named(error, input)))
            }
        }
        line.clear()
        let names = Dictionary(
            inputs.pictures.compactMap { picture in FileIdentity(picture.path).map { ($0, picture.name) } },
            uniquingKeysWith: { first, _ in first })
        let known = KnownOutputs(of: pictures)
        var outputs: [(name: String, of: String)] = []
        // An output may be too large to be enlarged itself.
        for (input, error) in unplanned {
            if let source = known.source(of: input) {
                outputs.append((input.name, source))
            } else {
                failures.append((input.name, error))
            }
        }
        // Even if it was an output once: what was named as an input is never written over.
        pictures = pictures.filter { picture in
            if let source = known.source(of: picture.input, isItsOwnOutput: picture.isItsOwnOutput) {
                outputs.append((picture.input.name, source))
                return false
            }
            guard picture.isItsOwnOutput || !picture.isSkipped, let output = picture.output,
                let input = FileIdentity(output).flatMap({ names[$0] })
            else { return true }
            failures.append((picture.input.name, UpscaleError.outputIsInput(output: output, input: input)))
            return false
        }
        for (output, inputs) in PlannedPicture.collisions(in: pictures) {
            pictures.removeAll { $0.output.map { PathKey($0) } == PathKey(output) }
            let error = UpscaleError.sameOutput(output: output, inputs: inputs)
            failures += inputs.map { ($0, error) }
        }
        let upscaler = upscaler(try openModel(for: pictures))
        let report = UpscaleReport(
            pictures, failed: failures.count, line: line, isBatch: isBatch, printsJSON: printsJSON,
            isQuiet: isQuiet)
        report.leaveOut(inputs.unread)
        report.leaveOut(inputs.leftOut)
        for (name, source) in outputs { report.leaveOut(name, outputOf: source) }
        for (name, error) in failures { report.end(name, failed: error) }
        for picture in pictures { try run(picture, upscaler, report) }
        report.finish()
        if isBatch && !report.failures.isEmpty { throw ExitCode.failure }
    }

    /// The model, if it is needed or was asked for by name.
    private func openModel(for pictures: [PlannedPicture]) throws -> LIIFModel? {
        guard model.model != nil || pictures.contains(where: { !$0.isSkipped && $0.rendering.isEnlargement })
        else { return nil }
        let opened = try model.open()
        if plan.view.cell != nil && !opened.configuration.readsCell {
            throw ValidationError(
                "--cell has no meaning for this model: its decoder is not told the size of a pixel.")
        }
        return opened
    }

    private func run(_ picture: PlannedPicture, _ upscaler: PictureUpscaler, _ report: UpscaleReport) throws {
        report.begin(picture)
        guard !picture.isSkipped else { return report.end(picture, .skipped) }
        let start = ContinuousClock.now
        do {
            try prepareFolder(of: picture)
            try upscaler.upscale(picture) { report.progress(picture, $0) }
            report.end(picture, .done(seconds: (ContinuousClock.now - start) / .seconds(1)))
        } catch {
            let error = named(error, picture.input)
            report.end(picture, .failed(error))
            if !isBatch { throw error }
        }
    }

    /// Makes the folder that the picture goes to, where the folder is not the user's own business.
    private func prepareFolder(of picture: PlannedPicture) throws {
        guard case .folder = plan.destination, let output = picture.output else { return }
        do throws(UnwritableFile) {
            try makeFolder(String(output[..<output.lastIndex(of: "/")!]))
        } catch {
            throw UpscaleError.unwritableFolder(folder: error.path, reason: error.reason)
        }
    }

    /// An error that calls the standard input by its name.
    private func named(_ error: any Error, _ input: InputPicture) -> any Error {
        guard input.isStandardInput, !(error is ValidationError) else { return error }
        let text = "\(error)".replacingOccurrences(of: input.path, with: input.name)
        return RenamedError(description: text)
    }
}

/// An error under another name of the file.
private struct RenamedError: Error, CustomStringConvertible {
    let description: String
}

extension ModelConfiguration {
    /// Whether the decoder is told the extent of a pixel.
    fileprivate var readsCell: Bool {
        switch self {
        case .liif(let configuration): configuration.cellDecoding
        case .metaSR: true
        case .upsampling: false
        }
    }
}
