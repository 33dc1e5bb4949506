import Synchronization
import Tensors

/// Renderers of one model for windows of a few widths, made when they are needed. One picture is rendered at a time,
/// by all cores.
package final class TileRenderers: Sendable {
    package let model: LIIFModel
    package let precision: InferencePrecision
    private let renderers = Mutex<Renderers>(Renderers())

    // Reached through the mutex only.
    private struct Renderers: @unchecked Sendable {
        var byWidth: [Int: QueryRenderer] = [:]
        let memory = BandMemory()
    }

    /// - Precondition: the model has a colour at every coordinate: it has no scale of its own.
    package init(_ model: LIIFModel, precision: InferencePrecision = .fastest) {
        precondition(model.configuration.fixedScale == nil)
        self.model = model
        self.precision = precision
    }

    /// How a coordinate finds its latents.
    var search: LatentSearch { model.network.decoder.search! }

    /// Whether the picture's own pixels are needed too.
    var addsInput: Bool { model.configuration.inputSkip }

    /// Windows have few widths, so that a renderer serves many.
    private static let step = 64

    /// The smallest width that holds so many latents.
    static func width(holding count: Int) -> Int { (count + step - 1) / step * step }

    /// Lends a renderer of a window.
    func with(_ source: StoredFeatures, _ body: (QueryRenderer) throws -> Void) throws {
        try renderers.withLock { renderers in
            let width = source.features.width
            let renderer: QueryRenderer
            if let known = renderers.byWidth[width] {
                renderer = known
                renderer.source = source
            } else {
                guard let decoder = try model.queryDecoder(mapWidth: width, precision: precision) else {
                    preconditionFailure("a model of one scale")
                }
                renderer = QueryRenderer(
                    source, decoder: decoder, addsInput: addsInput, workers: Workers.count,
                    memory: renderers.memory)
                renderers.byWidth[width] = renderer
            }
            // The features belong to whoever lent them.
            defer { renderer.source = nil }
            try body(renderer)
        }
    }
}
