import IIIF
import LIIFServer
import Testing

@Suite struct RenderPlanTests {
    /// The plan of a part of `photo`, of the virtual image's pixels.
    private func plan(
        _ width: Int, _ height: Int, to outputWidth: Int, _ outputHeight: Int, factor: Int = 1,
        _ interpolation: Interpolation = .liif
    ) -> RenderPlan {
        let request = ResolvedRequest(
            imageWidth: width, imageHeight: height,
            region: PixelRectangle(x: 0, y: 0, width: width, height: height), width: outputWidth,
            height: outputHeight)
        return RenderPlan(
            request, as: VirtualIdentifier(base: "photo", factor: factor, interpolation: interpolation),
            limits: SizeLimits(width: 8192, height: 8192, area: 1 << 24))
    }

    /// Fails if tiles count as large, or if what only reads the file's pixels does.
    @Test func whatTheModelShowsBeyondATileIsLarge() {
        #expect(!plan(512, 512, to: 512, 512, factor: 16).isLarge)
        #expect(!plan(100, 100, to: 1024, 1024).isLarge)
        #expect(plan(100, 100, to: 1024, 1025).isLarge)
        #expect(plan(4096, 4096, to: 4096, 4096, factor: 16).isLarge)
        #expect(!plan(4096, 4096, to: 4096, 4096).isLarge)
        #expect(!plan(100, 100, to: 4096, 4096, .bicubic).isLarge)
        #expect(!plan(8000, 8000, to: 4000, 4000).isLarge)
    }

    /// A result of 8192 pixels must not make the model show 268 million. Fails without the limit on what is shown.
    @Test func theModelShowsNoMoreThanTheLimit() throws {
        let pressed = plan(32768, 8000, to: 1, 8192)
        #expect(pressed.shown == nil && pressed.enlarges)
        let shown = try #require(plan(300, 100, to: 150, 200).shown)
        #expect(shown == (200, 300))
    }
}
