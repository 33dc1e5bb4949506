import ImageCodecs
import Imaging
import LIIFEvaluation
import LIIFTraining

/// A figure: one small input, shown by several methods at a great scale, and the same methods measured where the truth
/// is known.
struct FigureStudy: Sendable {
    /// A square part of a picture in pixels.
    struct Square: Sendable, Equatable {
        var y: Int
        var x: Int
        var extent: Int
    }

    /// How the input is made of the picture.
    enum Input: Sendable, Equatable {
        /// A part of it as it is.
        case part(Square)
        /// The whole, made square from its middle and resized with Pillow's bicubic.
        case resized(Int)
    }

    /// A public-domain picture of this project, from its top folder.
    var picture: String
    var input: Input
    /// Output pixels for one of the input.
    var scale: Int
    /// The part of the input that panels show.
    var shown: Square
    var methods: [Method]
    /// The scale at which the methods are measured on patches of the validation set; nil for none.
    var measuredScale: Int?
    var claims: [Claim]

    /// Side of the patches that are measured on, as of the paper's.
    static let patch = 48
}

extension FigureStudy {
    private static let coffee = "Examples/coffee.png"
    /// The bowl of the spoon.
    private static let spoon = Input.part(Square(y: 76, x: 80, extent: patch))
    private static let highlights = Square(y: 18, x: 10, extent: 12)
    private static let siren = Method("1-SIREN", .siren)
    private static let measuredScale = 24

    static let figure5 = FigureStudy(
        picture: coffee, input: spoon, scale: 30, shown: highlights,
        methods: [TableStudy.bicubic, siren, TableStudy.metaSR, TableStudy.liif],
        measuredScale: measuredScale,
        claims: [
            Claim("EDSR-baseline-LIIF", above: "EDSR-baseline-MetaSR", at: [measuredScale]),
            Claim("EDSR-baseline-MetaSR", above: "1-SIREN", at: [measuredScale]),
            Claim("EDSR-baseline-LIIF", above: "Bicubic", at: [measuredScale]),
            Claim("Bicubic", above: "1-SIREN", at: [measuredScale]),
        ])

    static let figure6 = FigureStudy(
        picture: "Examples/astronaut-face.png", input: .resized(32), scale: 20,
        shown: Square(y: 7, x: 8, extent: 16),
        methods: [
            TableStudy.bicubic, siren,
            Method("Up-sampling modules", .recipe("celebahq-32-256-modules", .best)),
            Method("LIIF", .recipe("celebahq-32-256-liif", .best)),
        ], measuredScale: nil, claims: [])

    static let figure7 = FigureStudy(
        picture: coffee, input: spoon, scale: 30, shown: highlights,
        methods: [1, 2, 30].map { Method("cell 1/\($0)", .toldCell("edsr-baseline-liif", of: $0)) } + [
            Method("no cell", .recipe("edsr-baseline-liif-c"))
        ], measuredScale: measuredScale,
        claims: [
            Claim("cell 1/2", above: "cell 1/1", at: [measuredScale]),
            Claim("cell 1/30", above: "cell 1/2", at: [measuredScale]),
        ])
}

extension FigureStudy {
    /// The input, cut or made of a picture.
    /// - Throws: `ReproductionError.tooSmall`.
    func input(of picture: Image<UInt8>, named name: String) throws -> Image<UInt8> {
        func need(_ height: Int, _ width: Int) throws {
            guard picture.height >= height, picture.width >= width else {
                throw ReproductionError.tooSmall(
                    picture: name, width: picture.width, height: picture.height, least: max(height, width))
            }
        }
        switch input {
        case .part(let square):
            try need(square.y + square.extent, square.x + square.extent)
            return picture.cropped(y: square.y, x: square.x, height: square.extent, width: square.extent)
        case .resized(let side):
            try need(side, side)
            let extent = min(picture.height, picture.width)
            return picture.cropped(
                y: (picture.height - extent) / 2, x: (picture.width - extent) / 2, height: extent,
                width: extent
            ).resizedBicubic(height: side, width: side)
        }
    }

    /// The patches that methods are measured on: the middle of each picture of a set that is large enough, reduced to
    /// 48×48.
    /// - Throws: `ReproductionError.noneLargeEnough`.
    static func patches(of set: EvaluationSet, scale: Int) throws -> EvaluationTask {
        let extent = patch * scale
        let (files, sizes) = (set.originals.files, set.originals.sizes)
        let large = files.indices.filter { min(sizes[$0].height, sizes[$0].width) >= extent }
        guard !large.isEmpty else {
            throw ReproductionError.noneLargeEnough(
                folder: set.originals.path, count: files.count, least: extent)
        }
        return EvaluationTask(
            set: "patches of \(set.name)", scale: "×\(scale)",
            evaluationProtocol: .divided2K(scale: scale), files: large.map { files[$0] }, count: large.count
        ) { index in
            let picture = try set.originals.image(at: large[index])
            let truth = picture.cropped(
                y: (picture.height - extent) / 2, x: (picture.width - extent) / 2, height: extent,
                width: extent)
            let file = files[large[index]]
            return EvaluationPair(
                name: file, file: file, input: truth.resizedBicubic(height: patch, width: patch), truth: truth
            )
        }
    }
}
