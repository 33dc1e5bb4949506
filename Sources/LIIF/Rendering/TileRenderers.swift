import Synchronization
package import Tensors

/// Renderers of one model for windows of a few widths, made when they are needed. One picture is rendered at a time,
/// by all cores.
package final class TileRenderers: Sendable {
    package let model: LIIFModel
    package let precision: Precision
    private let renderers = Mutex<Renderers>(Renderers())

    // Reached through the mutex only.
    private struct Renderers: @unchecked Sendable {
        var byWidth: [Int: Renderer] = [:]
    }

    package init(_ model: LIIFModel, precision: Precision = .fastest) {
        self.model = model
        self.precision = precision
    }

    /// Windows have few widths, so that a renderer serves many.
    private static let step = 64

    /// The smallest width that holds so many latents.
    static func width(holding count: Int) -> Int { (count + step - 1) / step * step }

    func with(width: Int, _ body: (Renderer) throws -> Void) throws {
        try renderers.withLock { renderers in
            let renderer =
                try renderers.byWidth[width] ?? Renderer(model, width: width, precision: precision)
            renderers.byWidth[width] = renderer
            try body(renderer)
        }
    }
}
