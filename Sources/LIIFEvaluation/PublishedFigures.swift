import Files
import LIIFTraining

/// Figures published for the paper's tables, PSNR in dB: the rows to stand beside one's own.
public struct PublishedFigures: Sendable, Equatable {
    /// The method as the paper names it.
    public var method: String
    /// The set.
    public var set: String
    /// Where it is published.
    public var source: String
    /// Whole scales.
    public var scales: [Int]
    /// dB at each of the scales.
    public var psnr: [Double]

    /// The figures as rows of a table, under the protocol of their set, the method's name with the source.
    public func table(style: EvaluationSet.Style, setName: String? = nil) -> EvaluationTable {
        EvaluationTable(
            results: zip(scales, psnr).map { scale, psnr in
                .init(
                    method: "\(method) (\(source))", set: setName ?? set, scale: "×\(scale)",
                    protocolName: style.evaluationProtocol(scale: scale).name ?? "none", published: psnr)
            })
    }
}

extension PublishedFigures {
    /// The rows that stand beside what is measured on a set: its folder is called as one of the sets, or as DIV2K's
    /// validation set is (`DIV2K_valid_HR`), and it is measured as the published figures were.
    public static func rows(for set: EvaluationSet) -> [PublishedFigures] {
        let folder = PathName.fileName(of: set.name)
        let isDivided2K = folder == "DIV2K_valid_HR" || folder == "DIV2K"
        let style: EvaluationSet.Style =
            isDivided2K ? .divided2K : folder.hasPrefix("Faces ") ? .faces : .benchmark
        return set.style == style ? rows(set: isDivided2K ? "DIV2K" : folder) : []
    }

    /// All of a set's rows; the sets are DIV2K, Set5, Set14, B100, Urban100, Faces 64→128 and Faces 32→256.
    public static func rows(set: String) -> [PublishedFigures] { all.filter { $0.set == set } }

    /// Every row of Tables 1 to 5, and one independent retraining.
    public static let all: [PublishedFigures] = tables1And3And4 + table2 + table5

    private static func divided2K(_ method: String, _ source: String, _ psnr: [Double]) -> PublishedFigures {
        PublishedFigures(
            method: method, set: "DIV2K", source: source,
            scales: Array([2, 3, 4, 6, 12, 18, 24, 30].prefix(psnr.count)), psnr: psnr)
    }

    private static func benchmark(
        _ method: String, _ source: String, _ set: String, _ psnr: [Double]
    ) -> PublishedFigures {
        PublishedFigures(method: method, set: set, source: source, scales: [2, 3, 4, 6, 8], psnr: psnr)
    }

    /// DIV2K's validation set.
    private static let tables1And3And4 = [
        divided2K("Bicubic", "Table 1", [31.01, 28.22, 26.66, 24.82, 22.27, 21.00, 20.19, 19.59]),
        divided2K("EDSR-baseline", "Table 1", [34.55, 30.90, 28.94]),
        divided2K(
            "EDSR-baseline-MetaSR", "Table 1", [34.64, 30.93, 28.92, 26.61, 23.55, 22.03, 21.06, 20.37]),
        divided2K("EDSR-baseline-LIIF", "Table 1", [34.67, 30.96, 29.00, 26.75, 23.71, 22.17, 21.18, 20.48]),
        divided2K("RDN-MetaSR", "Table 1", [35.00, 31.27, 29.25, 26.88, 23.73, 22.18, 21.17, 20.47]),
        divided2K("RDN-LIIF", "Table 1", [34.99, 31.26, 29.27, 26.99, 23.89, 22.34, 21.31, 20.59]),
        divided2K(
            "EDSR-baseline-LIIF (-c)", "Table 3", [34.53, 30.92, 28.97, 26.73, 23.72, 22.19, 21.19, 20.51]),
        divided2K(
            "EDSR-baseline-LIIF (-u)", "Table 3", [34.64, 30.94, 28.98, 26.73, 23.69, 22.16, 21.17, 20.47]),
        divided2K(
            "EDSR-baseline-LIIF (-e)", "Table 3", [34.63, 30.95, 28.97, 26.72, 23.66, 22.13, 21.14, 20.45]),
        divided2K(
            "EDSR-baseline-LIIF (-d)", "Table 3", [34.65, 30.94, 28.98, 26.71, 23.64, 22.10, 21.12, 20.42]),
        divided2K(
            "EDSR-baseline-LIIF (×2-only)", "Table 4",
            [34.71, 30.72, 28.77, 26.51, 23.54, 22.05, 21.09, 20.40]),
        divided2K(
            "EDSR-baseline-LIIF (×3-only)", "Table 4",
            [34.32, 30.98, 28.99, 26.71, 23.68, 22.15, 21.17, 20.48]),
        divided2K(
            "EDSR-baseline-LIIF (×4-only)", "Table 4",
            [34.08, 30.87, 29.00, 26.77, 23.74, 22.21, 21.21, 20.51]),
    ]

    /// The benchmark sets. The retraining is not the paper's: its low-resolution pictures were all Pillow's.
    private static let table2 = [
        benchmark("RDN-LIIF", "Table 2", "Set5", [38.17, 34.68, 32.50, 29.15, 27.14]),
        benchmark("RDN-LIIF", "Table 2", "Set14", [33.97, 30.53, 28.80, 26.64, 25.15]),
        benchmark("RDN-LIIF", "Table 2", "B100", [32.32, 29.26, 27.74, 25.98, 24.91]),
        benchmark("RDN-LIIF", "Table 2", "Urban100", [32.87, 28.82, 26.68, 24.20, 22.79]),
        benchmark("RDN-MetaSR", "Table 2", "Set5", [38.22, 34.63, 32.38, 29.04, 26.96]),
        benchmark("RDN-MetaSR", "Table 2", "Set14", [33.98, 30.54, 28.78, 26.51, 24.97]),
        benchmark("RDN-MetaSR", "Table 2", "B100", [32.33, 29.26, 27.71, 25.90, 24.83]),
        benchmark("RDN-MetaSR", "Table 2", "Urban100", [32.92, 28.82, 26.55, 23.99, 22.59]),
        benchmark(
            "EDSR-baseline-LIIF", "independent retraining", "Set5", [37.96, 34.39, 32.18, 28.85, 26.94]),
        benchmark(
            "EDSR-baseline-LIIF", "independent retraining", "Set14", [33.62, 30.38, 28.62, 26.46, 24.94]),
        benchmark(
            "EDSR-baseline-LIIF", "independent retraining", "B100", [32.16, 29.11, 27.60, 25.84, 24.79]),
        benchmark(
            "EDSR-baseline-LIIF", "independent retraining", "Urban100", [32.12, 28.21, 26.14, 23.78, 22.44]),
    ]

    /// Faces, size-varied ground truths.
    private static let table5 = [
        faces("Up-sampling modules", "Faces 64→128", 2, 34.78), faces("LIIF", "Faces 64→128", 2, 35.96),
        faces("Up-sampling modules", "Faces 32→256", 8, 27.56), faces("LIIF", "Faces 32→256", 8, 27.74),
    ]

    private static func faces(
        _ method: String, _ set: String, _ scale: Int, _ psnr: Double
    ) -> PublishedFigures {
        PublishedFigures(method: method, set: set, source: "Table 5", scales: [scale], psnr: [psnr])
    }
}
