import Tensors

/// The rows of a value of a graph that a `GraphStream` has in memory: those that the current strip adds, and before them
/// those that its readers still need.
struct StreamWindow {
    let storage: ValueStorage
    /// Elements of a row.
    let rowCount: Int
    /// Rows to one of the input.
    let scale: Int
    /// How many of its own rows the value is behind the input.
    let lag: Int
    /// Rows of the whole value.
    private let height: Int
    /// Rows that a strip adds.
    private let added: Int
    /// Rows before the strip's that are kept, and where in the memory the first of them is.
    private let kept: Int
    private var start = 0
    /// Rows of the memory.
    private let memoryRows: Int
    /// Bytes of a narrow element.
    private let narrowBytes: Int
    /// One past the last row, unclamped: the input's position in its own rows minus the lag.
    private var end: Int

    /// - Parameters:
    ///   - height, width: Of the graph's input.
    ///   - stripRows: Rows of the input that enter at a time.
    init(
        of value: ConvolutionGraph.Value, in graph: ConvolutionGraph, height: Int, width: Int, stripRows: Int,
        lags: StreamLags, precision: Precision
    ) {
        scale = graph.scales[value.index]
        self.height = height * scale
        added = stripRows * scale
        kept = lags.kept[value.index]
        lag = lags.values[value.index]
        memoryRows = lags.memoryRows(value.index, added: added)
        storage = ValueStorage(
            of: value, in: graph, positions: memoryRows * width * scale, precision: precision)
        rowCount = width * scale * graph.channels[value.index]
        narrowBytes = precision.bytes
        end = -lag
    }

    /// Makes room for the next strip: kept rows move to the front where the memory ends, rows beyond the picture become zeros.
    mutating func slide() {
        let from = start + added
        start = from + kept + added <= memoryRows ? from : 0
        for buffer in [storage.float32, storage.narrow === storage.float32 ? nil : storage.narrow] {
            guard let buffer else { continue }
            let rowBytes = rowCount * (buffer === storage.float32 ? 4 : narrowBytes)
            if start == 0 {
                copyBytes(to: buffer.pointer, from: buffer.pointer + from * rowBytes, count: kept * rowBytes)
            }
            for row in end..<(end + added) where row < 0 || row >= height {
                clearBytes(buffer.pointer + (start + kept + row - end) * rowBytes, count: rowBytes)
            }
        }
        end += added
    }

    /// The rows inside the picture that the current strip adds.
    var newRows: Range<Int> {
        let lower = min(max(0, end - added), height)
        return lower..<max(lower, min(height, end))
    }

    /// Elements from the memory's start to a row.
    func offset(row: Int) -> Int { (start + row - (end - added - kept)) * rowCount }

    /// A row of the value in float32; it must have such storage.
    func floats(row: Int) -> UnsafeMutablePointer<Float> { storage.float32!.floats + offset(row: row) }

    /// A row of the value as convolutions read it.
    func narrow(row: Int) -> UnsafeMutableRawPointer {
        storage.narrow!.pointer + offset(row: row) * narrowBytes
    }
}
