/// A part of a feature map, and of the picture's pixels that it belongs to.
package struct LatentRectangle: Sendable, Hashable {
    package var y, x, height, width: Int

    package init(y: Int, x: Int, height: Int, width: Int) {
        self.y = y
        self.x = x
        self.height = height
        self.width = width
    }

    package var bottom: Int { y + height }
    package var right: Int { x + width }

    /// The same with a margin on all sides, cut off at the edges of a map.
    package func expanded(by margin: Int, height mapHeight: Int, width mapWidth: Int) -> LatentRectangle {
        let top = max(0, y - margin), left = max(0, x - margin)
        return LatentRectangle(
            y: top, x: left, height: min(mapHeight, bottom + margin) - top,
            width: min(mapWidth, right + margin) - left)
    }

    /// What lies in both; nil if nothing does.
    package func intersection(_ other: LatentRectangle) -> LatentRectangle? {
        let top = max(y, other.y), left = max(x, other.x)
        let height = min(bottom, other.bottom) - top, width = min(right, other.right) - left
        return height > 0 && width > 0
            ? LatentRectangle(y: top, x: left, height: height, width: width) : nil
    }
}
