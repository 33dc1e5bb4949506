import ArgumentParser
import Files
import Foundation
import ImageCodecs
import Imaging
import LIIF
import PictureFiles

/// Where outputs go.
enum OutputDestination: Equatable {
    /// One file of this name.
    case file(String)
    /// Files in this folder, named by a template.
    case folder(String)
    case standardOutput
}

/// What becomes of an output that is there already.
enum ExistingOutputs: Equatable {
    case overwrite, skip
}

/// One picture with all that is decided before work begins.
struct PlannedPicture {
    var input: InputPicture
    var rendering: Rendering
    /// Nil for the standard output.
    var output: String?
    /// An output of that name is there and stays.
    var isSkipped = false
    /// The output would be the input itself.
    var isItsOwnOutput = false
    /// Whether further pictures of the file are passed over.
    var holdsMorePictures = false
    /// An option that speaks to the model, which the picture does not need.
    var idleOption: String?

    /// Ratio of the output's width to that of what it shows.
    var scale: Double { Double(rendering.size.width) / rendering.region.width }

    /// About how long it takes, in output pixels: a source pixel that the encoder sees costs as much as twenty.
    var work: Double {
        guard !isSkipped else { return 0 }
        let source = rendering.region.width * rendering.region.height
        let result = Double(rendering.size.width * rendering.size.height)
        let once = result + 20 * source
        return rendering.isEnlargement
            ? once * (rendering.selfEnsemble ? 8 : 1) : (source + result) / 50
    }
}

/// The settings that decide what is rendered and where it goes.
struct UpscalePlan {
    var size: OutputSize
    var view: ViewOptions
    var pixelLimit: Int
    var destination: OutputDestination
    var name: NameTemplate
    var formats: FormatOptions
    /// Whether unfinished outputs are gone on with, which TIFF alone allows.
    var resumes: Bool
    var existing: ExistingOutputs

    /// Decides everything about one picture; reads its header.
    func picture(_ input: InputPicture) throws -> PlannedPicture {
        let source = try source(of: input)
        let info = source.info
        let whole = Region(y: 0, x: 0, height: Double(info.height), width: Double(info.width))
        let region =
            try view.region?.region(ofWidth: info.width, height: info.height, file: input.name) ?? whole
        let size = try size.extent(forWidth: region.width, height: region.height, pixelLimit: pixelLimit)
        var planned = PlannedPicture(
            input: input,
            rendering: Rendering(
                info: info, region: region, size: size, cellScale: view.cell,
                selfEnsemble: view.selfEnsemble),
            holdsMorePictures: source.holdsMorePictures)
        if !planned.rendering.isEnlargement {
            planned.idleOption = view.modelOption
        } else if view.selfEnsemble && FeatureFile.isNamed(input.path) {
            throw UpscaleError.featuresOfOneTurn(file: input.name)
        }
        planned.output = path(for: input, size: size, scale: planned.scale)
        planned.isSkipped =
            existing == .skip
            && planned.output.map { FileIdentity($0) != nil && !PathName.isFolder($0) } ?? false
        let name = planned.output ?? "standard output"
        let format =
            planned.output.flatMap(ImageFormat.init(pathExtension:)) ?? formats.format?.format ?? .png
        // Refused here, before any work.
        if formats.lossless && format == .jpeg {
            let isNamed = if case .file = destination { true } else { false }
            throw FormatOptions.noLosslessJPEG(isNamed: isNamed)
        }
        if info.channels % 2 == 0 && !format.holdsTransparency {
            // An output that stays need not be asked for; its picture may be large.
            planned.rendering.dropsAlpha = try planned.isSkipped || !source.isTransparent()
        }
        try format.check(planned.rendering.output(in: format), options: formats.encoding, path: name)
        if resumes && format != .tiff {
            throw ValidationError("\(name): --resume is for TIFF; give the output a name that ends in .tif.")
        }
        planned.isItsOwnOutput = planned.output.map { FileIdentity.isSame($0, input.path) } ?? false
        return planned
    }

    private func source(of input: InputPicture) throws -> any RowSource {
        guard !PathName.isLost(input.path) else { throw UpscaleError.nameNotUTF8(file: input.name) }
        return try PixelLimitError.explaining(hasOption: true) {
            try PictureFile.source(at: input.path, pixelLimit: pixelLimit)
        }
    }

    private func path(for input: InputPicture, size: PixelSize, scale: Double) -> String? {
        switch destination {
        case .standardOutput: return nil
        case .file(let path): return path
        case .folder(let folder):
            let name = name.name(
                for: input.fileName, format: formats.format?.format, scale: scale, size: size)
            let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
            return ([base] + (input.subfolder.isEmpty ? [] : [input.subfolder]) + [name]).joined(
                separator: "/")
        }
    }
}

extension PlannedPicture {
    /// Refuses an output that is the input, whatever their names.
    func refuseItsOwnOutput() throws {
        if let output { try FileIdentity.check(output: output, isNot: input.path) }
    }

    /// Refuses an option for the model where the picture is not enlarged.
    func refuseIdleOption() throws {
        guard let idleOption else { return }
        let (width, height) = (rendering.size.width, rendering.size.height)
        throw ValidationError(
            "\(idleOption) has no meaning at \(width)×\(height) pixels: the model is not used.")
    }

    /// Pictures whose outputs would overwrite each other.
    static func collisions(in pictures: [PlannedPicture]) -> [(output: String, inputs: [String])] {
        Dictionary(grouping: pictures.filter { $0.output != nil }) { PathKey($0.output!) }
            .values.filter { $0.count > 1 }
            .map { (output: $0[0].output!, inputs: $0.map(\.input.name)) }
            .sorted { $0.output < $1.output }
    }
}
