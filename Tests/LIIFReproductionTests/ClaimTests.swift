import LIIFEvaluation
import LIIFReproduction
import Testing

@Suite struct ClaimTests {
    private let table = EvaluationTable(
        results: [("A", [30, 28, 26.5]), ("B", [29.5, 28.25, 26])].flatMap { name, psnr in
            zip([2, 3, 4], psnr).map { scale, value in
                .init(
                    method: name, set: "S", scale: "×\(scale)", protocolName: "none",
                    pictures: [.init(name: "p", psnr: value, height: 1, width: 1, seconds: 0)])
            }
        })

    @Test(arguments: [
        ([2, 4], "A above B at ×2, ×4: holds (+0.50 to +0.50 dB)."),
        ([2], "A above B at ×2: holds (+0.50 dB)."),
        ([3], "A above B at ×3: does not hold (-0.25 dB)."),
        ([2, 3, 4], "A above B at ×2, ×3, ×4: holds except at ×3 (-0.25 to +0.50 dB)."),
        ([4, 6], "A above B at ×4, ×6: holds (+0.50 dB, 1 not measured)."),
        ([8], "A above B at ×8: not measured."),
    ]) func saysWhereItHolds(scales: [Int], expected: String) {
        #expect(Claim("A", above: "B", at: scales).verdict(table, set: "S") == expected)
    }

    /// A method without an error is not above another, nor is one whose numbers are broken.
    @Test(arguments: [Double.infinity, .nan]) func whatIsNotGreaterDoesNotHold(psnr: Double) {
        let table = EvaluationTable(
            results: ["A", "B"].map {
                .init(
                    method: $0, set: "S", scale: "×2", protocolName: "none",
                    pictures: [.init(name: "p", psnr: psnr, height: 1, width: 1, seconds: 0)])
            })
        let verdict = Claim("A", above: "B", at: [2]).verdict(table, set: "S")
        #expect(verdict.hasPrefix("A above B at ×2: does not hold ("))
    }
}
