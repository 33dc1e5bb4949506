import CTensorKernels
package import Tensors

/// A graph over a picture of any height, strip by strip, in memory that does not grow with the height.
///
/// A value lags behind the input (`StreamLags`) and keeps only the rows that its readers still need, so nothing is
/// computed twice and the result equals the whole picture's bit for bit: every row is made by kernels of the same
/// arithmetic, whatever strip it falls into. Rows beyond the picture are zeros
/// at every layer, which is the convolutions' padding. Within a node the rows are shared out dynamically.
package final class GraphStream {
    package let graph: ConvolutionGraph
    package let height, width: Int
    package let precision: Precision
    /// Rows that enter at a time.
    package let stripRows: Int
    private var windows: [StreamWindow]
    /// The nodes whose convolutions are made in tiles, with their kernels for a whole strip, by worker.
    private let tiledNodes: Set<Int>
    private let tileKernels: [GraphKernels]
    private let tileWeights: GraphWeights
    /// The other nodes: rows of one work item, and the kernels for them and for single rows, by worker.
    private let chunkRows: Int
    private let chunkKernels, rowKernels: [GraphKernels]
    private let chunkWeights, rowWeights: GraphWeights
    /// What a convolution makes before its pixel shuffle, by worker.
    private let shuffleScratch: [AlignedBuffer]
    /// Input rows taken in, counting the zeros after the last.
    private var position = 0

    /// - Parameters:
    ///   - parameters: The flat array that the graph's nodes point into.
    ///   - positions: About how many positions a strip has; decides its rows.
    package init(
        _ graph: ConvolutionGraph, parameters: AlignedBuffer, height: Int, width: Int, precision: Precision,
        positions: Int = 8192, workers: Int = Workers.count
    ) throws {
        self.graph = graph
        self.height = height
        self.width = width
        self.precision = precision
        chunkRows = max(1, min(positions / width / 4, (height + 3) / 4))
        stripRows = 4 * chunkRows
        let lags = StreamLags(graph, stripRows: stripRows, width: width, precision: precision)
        let tiled = lags.tiledNodes
        tiledNodes = tiled
        func kernels(rows: Int, tiles: Bool) throws -> [GraphKernels] {
            try (0..<workers).map { _ in
                try GraphKernels(
                    graph, height: rows, width: width, precision: precision, padsRows: false,
                    training: false, algorithm: tiles ? .winograd : .direct
                ) { tiled.contains($0) == tiles }
            }
        }
        func weights(_ kernels: GraphKernels) throws -> GraphWeights {
            let weights = GraphWeights(graph, kernels: kernels)
            try weights.refresh(from: parameters, kernels: kernels)
            return weights
        }
        tileKernels = try kernels(rows: stripRows, tiles: true)
        tileWeights = try weights(tileKernels[0])
        rowKernels = try kernels(rows: 1, tiles: false)
        rowWeights = try weights(rowKernels[0])
        chunkKernels = chunkRows == 1 ? rowKernels : try kernels(rows: chunkRows, tiles: false)
        chunkWeights = chunkRows == 1 ? rowWeights : try weights(chunkKernels[0])
        let (chunk, nodes) = (chunkRows, graph.nodes)
        let most =
            nodes.filter { $0.shuffle != nil }
            .map { chunk * width * graph.scale(of: $0) * $0.outputChannels }.max() ?? 0
        shuffleScratch = (0..<workers).map { _ in AlignedBuffer(floats: most) }
        let rows = stripRows
        windows = graph.channels.indices.map {
            StreamWindow(
                of: ConvolutionGraph.Value(index: $0), in: graph, height: height, width: width,
                stripRows: rows,
                lags: lags, precision: precision)
        }
    }

    /// Whether all rows of the output have been made.
    package var isFinished: Bool {
        let output = windows[graph.output.index]
        return position * output.scale - output.lag >= height * output.scale
    }

    /// Takes in the next strip and runs every node as far as it can go.
    /// - Parameters:
    ///   - fill: Writes rows of the input, [rows, W, C], to memory; called with rows inside the picture.
    ///   - take: Receives the new rows of the output, in order: the rows' range (of s·H) and their floats.
    package func advance(
        fill: (_ rows: Range<Int>, _ destination: UnsafeMutablePointer<Float>) throws -> Void,
        take: (_ rows: Range<Int>, _ source: UnsafePointer<Float>) throws -> Void
    ) throws {
        position += stripRows
        try windows.withUnsafeMutableBufferPointer {
            nonisolated(unsafe) let windows = $0
            try Workers.run(windows.count, workers: rowKernels.count) { _, index in windows[index].slide() }
        }
        let input = windows[0]
        let entering = input.newRows
        if !entering.isEmpty {
            let count = entering.count * input.rowCount
            if let float32 = input.storage.float32 {
                try fill(entering, input.floats(row: entering.lowerBound))
                if let narrow = input.storage.narrow, narrow !== float32 {
                    liif_bf16_from_float(
                        narrow.bfloat16s + input.offset(row: entering.lowerBound),
                        input.floats(row: entering.lowerBound), count)
                }
            } else {
                let rows = AlignedBuffer(floats: count)
                try fill(entering, rows.floats)
                liif_bf16_from_float(
                    input.storage.narrow!.bfloat16s + input.offset(row: entering.lowerBound), rows.floats,
                    count)
                withExtendedLifetime(rows) {}
            }
        }
        for n in graph.nodes.indices { try run(n) }
        let output = windows[graph.output.index]
        let leaving = output.newRows
        if !leaving.isEmpty { try take(leaving, output.floats(row: leaving.lowerBound)) }
    }

    private func run(_ n: Int) throws {
        let made = windows[graph.nodes[n].output.index].newRows
        let factor = graph.nodes[n].shuffle?.factor ?? 1
        // Rows of the convolution; a pixel shuffle makes `factor` of each.
        let rows = (made.lowerBound / factor)..<(made.upperBound / factor)
        if tiledNodes.contains(n) { return try makeTiles(n, rows) }
        let chunks = rows.count / chunkRows
        let items = chunks + (rows.count - chunks * chunkRows)
        nonisolated(unsafe) let stream = self
        try Workers.run(items, workers: rowKernels.count) { worker, item in
            if item < chunks {
                stream.run(
                    n, row: rows.lowerBound + item * stream.chunkRows, count: stream.chunkRows,
                    stream.chunkKernels[worker][n], stream.chunkWeights, stream.shuffleScratch[worker])
            } else {
                stream.run(
                    n, row: rows.lowerBound + chunks * stream.chunkRows + item - chunks, count: 1,
                    stream.rowKernels[worker][n], stream.rowWeights, stream.shuffleScratch[worker])
            }
        }
    }

    /// Computes a strip's rows of a node that is made in tiles.
    private func makeTiles(_ n: Int, _ rows: Range<Int>) throws {
        guard !rows.isEmpty else { return }
        let tiles = tileKernels[0][n][0].forward.tileCount
        // Small enough that a worker that is held up delays little, large enough for whole blocks of tiles.
        let parts = max(1, min(4 * tileKernels.count, tiles / 12))
        nonisolated(unsafe) let stream = self
        try Workers.run(parts, workers: tileKernels.count) { worker, part in
            stream.makeTiles(n, rows, part: (part, parts), stream.tileKernels[worker][n])
        }
    }

    private func makeTiles(
        _ n: Int, _ rows: Range<Int>, part: (index: Int, count: Int), _ kernels: [TermKernels]
    ) {
        let node = graph.nodes[n]
        func start(_ value: ConvolutionGraph.Value, row: Int) -> UnsafeMutablePointer<Float> {
            windows[value.index].floats(row: row)
        }
        let target = start(node.output, row: rows.lowerBound)
        var addend = node.residual.map { UnsafePointer(start($0, row: rows.lowerBound)) }
        for (t, term) in node.terms.enumerated() {
            kernels[t].forward.makeTiles(
                source: start(term.value, row: rows.lowerBound - node.kernel / 2),
                weights: tileWeights.packed[n][t].forward.floats, bias: tileWeights.biases[n].floats,
                addend: addend, destination: target, rows: rows.count, part: part)
            addend = UnsafePointer(target)
        }
    }

    /// Computes a few rows of one node's convolution, and of its output what follows from them.
    private func run(
        _ n: Int, row: Int, count: Int, _ kernels: [TermKernels], _ weights: GraphWeights,
        _ scratch: AlignedBuffer
    ) {
        let node = graph.nodes[n]
        let output = windows[node.output.index]
        weights.forward(
            n, kernels, rows: count, columns: width * graph.scale(of: node),
            source: { windows[$0.index].narrow(row: row - node.kernel / 2) },
            residual: node.residual.map { UnsafeRawPointer(windows[$0.index].floats(row: row)) },
            into: output.storage.target(at: output.offset(row: row * (node.shuffle?.factor ?? 1))),
            scratch: scratch)
    }
}
