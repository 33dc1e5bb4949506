import Foundation
import LIIFTraining
import TestSupport
import Testing

/// EDSR-baseline-LIIF's loss, gradients and first steps against the released PyTorch implementation.
@Suite struct GoldenTrainingTests {
    /// All elements of 35 tensors, every 7th of the 36 larger ones (Scripts/make-golden-fixtures.py).
    @Test func gradientsOfAllTensorsEqualPyTorchs() throws {
        try GoldenTraining().expectFirstStep(precision: .float32)
    }

    @Test func tenStepsOfAdamFollowPyTorchs() throws {
        let golden = try GoldenTraining()
        assertClose(actual: try golden.trainedLosses(), expected: golden.losses, absolute: 1e-4)
    }

    static let folder = ProcessInfo.processInfo.environment["LIIF_GOLDENS"]

    @Test(.enabled(if: folder != nil, "LIIF_GOLDENS names no folder with the whole training.safetensors"))
    func everyElementOfEveryGradientEqualsPyTorchs() throws {
        let folder = try #require(Self.folder)
        let golden = try GoldenTraining("\(folder)/training.safetensors")
        #expect(golden.file.metadata["stride"] == nil)
        try golden.expectFirstStep(precision: .float32)
    }
}
