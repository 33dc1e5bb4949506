import ArgumentParser
import Files
import Foundation
import LIIF
import LIIFBenchmarks
import Tensors

/// `liif benchmark`
struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure this machine's roof and how near to it encoding, decoding and training come.",
        discussion: """
            The model is EDSR-baseline-LIIF, the paper's, unless --model names another. Every round runs each job \
            once, with the roof (a matrix product that stays in the cache) beside it; the median round counts. \
            Useful GFLOP/s count the encoder as direct convolutions and the decoder without its first layer's \
            convolution; a training step is three forward passes. --rdn adds RDN-LIIF's, which takes many times as \
            long as EDSR-baseline-LIIF's and 2.5 GB of memory.

            Examples:
              liif benchmark
              liif benchmark --only decode --precision bfloat16 --rounds 9 --json
              liif benchmark --rdn --only RDN --rounds 1
            """)

    @Flag(help: "Write JSON instead of a table.")
    var json = false

    @Option(help: "Rounds that count; one more warms up.")
    var rounds = 5

    @Option(
        help: ArgumentHelp(
            "Run only jobs whose name contains this, 'decode x4' say (default: all).", valueName: "text"))
    var only: String?

    @Option(help: ArgumentHelp("Also draw a roofline picture: a .svg file.", valueName: "file"))
    var roofline: String?

    @Flag(help: "Also time a training step of RDN-LIIF.")
    var rdn = false

    @Option(help: "A model to measure instead of the paper's.")
    var model: String?

    @OptionGroup var folderOptions: ModelFolderOptions

    @Option(help: "float32, bfloat16, int16 and int8 (decoding only), or auto: all that the processor has.")
    var precision = PrecisionChoice.auto

    func validate() throws {
        guard rounds >= 1 else { throw ValidationError("--rounds \(rounds): at least 1 is needed.") }
        if let roofline { try checkSVGName(roofline) }
    }

    func run() throws {
        // Noticed before minutes of work, if it cannot be written.
        let picture = try roofline.map { try AtomicFile(path: $0) }
        defer { picture?.discard() }
        let precisions =
            precision == .auto
            ? InferencePrecision.allCases.filter(\.isSupported) : [precision.precision]
        let subject =
            try model.map { try folderOptions.folder.resolve($0).read() } ?? StandardJobs.paperModel()
        let measured = try Interruption.withTemporaryFolder(named: "liif-benchmark") {
            try measure(StandardJobs(subject, precisions: precisions, folder: $0))
        }
        if let picture {
            try Array(measured.rooflineSVG.utf8).withUnsafeBytes { try picture.write($0) }
            try picture.commit()
        }
        print(json ? measured.json : measured.table)
    }

    /// The chosen jobs, each in every round.
    private func measure(_ standard: StandardJobs) throws -> Interleaved {
        let jobs = standard.all(matching: only) + (rdn ? standard.trainingStepsOfRDN(matching: only) : [])
        guard !jobs.isEmpty else {
            let formats = standard.precisions.map(\.rawValue).joined(separator: ", ")
            throw ValidationError(
                only.map { "--only \($0): no job in \(formats) has a name that contains it." }
                    ?? "--precision \(formats): no job with this model computes in it; choose float32 or bfloat16."
            )
        }
        let line = ProgressLine()
        defer { line.clear() }
        return try Interleaved(jobs, rounds: rounds) { line.show($0) }
    }
}
