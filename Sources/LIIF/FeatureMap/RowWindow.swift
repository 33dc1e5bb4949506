import Tensors

/// Consecutive rows of a map that passes through memory from top to bottom, or that lies there whole.
///
/// Rows −1 and `height` exist and are zeros: the padding of a 3×3 neighbourhood.
final class RowWindow {
    let height: Int
    let rowBytes: Int
    /// Rows that fit; never fewer than are kept and added at once.
    private(set) var capacity: Int
    private var memory: AlignedBuffer
    /// The rows in memory that have been set, [first, end).
    private var first = -1
    private(set) var end = 0

    /// - Parameter capacity: Rows in memory at first; it grows when more are needed at once.
    init(height: Int, rowBytes: Int, capacity: Int) {
        self.height = height
        self.rowBytes = rowBytes
        self.capacity = min(capacity, height) + 2
        memory = AlignedBuffer(byteCount: self.capacity * rowBytes)
    }

    /// Memory from a row on.
    func row(_ y: Int) -> UnsafeMutableRawPointer {
        precondition(y >= first && y <= height)
        return memory.pointer + (y - first) * rowBytes
    }

    /// Rows above this one are not needed any more.
    func discard(before row: Int) {
        let dropped = min(row, end) - first
        guard dropped > 0 else { return }
        // Once the last row is there, the zeros below it move along.
        let kept = end - first - dropped + (end == height ? 1 : 0)
        copyBytes(to: memory.pointer, from: memory.pointer + dropped * rowBytes, count: kept * rowBytes)
        first += dropped
    }

    /// Memory for the next rows, which then count as set.
    func append(_ count: Int) -> UnsafeMutableRawPointer {
        // One row more than asked for: the zeros below the last.
        let needed = end + count + 1 - first
        if needed > capacity {
            let larger = AlignedBuffer(byteCount: needed * rowBytes)
            copyBytes(to: larger.pointer, from: memory.pointer, count: (end - first) * rowBytes)
            memory = larger
            capacity = needed
        }
        let start = memory.pointer + (end - first) * rowBytes
        end += count
        if end == height {
            clearBytes(memory.pointer + (end - first) * rowBytes, count: rowBytes)
        }
        return start
    }
}
