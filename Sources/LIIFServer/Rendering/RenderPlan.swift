package import IIIF
package import Imaging

/// How a requested image is made, and whether that is much work.
package struct RenderPlan: Sendable {
    /// What the model may show of one tile, at most: viewers ask for tiles of 256 to 1024 pixels.
    static let largestTile = 1 << 20

    /// The part, in the file's pixels.
    package let box: Region
    /// Whether a side has more pixels than the file has there.
    package let enlarges: Bool
    /// What the model shows, pixels, before a side that shrinks is filtered; nil where the file's pixels are all that is needed.
    package let shown: (height: Int, width: Int)?

    /// - Parameters:
    ///   - request: In pixels of the virtual image.
    ///   - limits: Of a returned image; what the model shows stays within their area too.
    package init(_ request: ResolvedRequest, as virtual: VirtualIdentifier, limits: SizeLimits) {
        let part = request.region, factor = virtual.factor
        let (height, width) = (request.height, request.width)
        box = Region(
            y: Double(part.y) / Double(factor), x: Double(part.x) / Double(factor),
            height: Double(part.height) / Double(factor), width: Double(part.width) / Double(factor))
        enlarges = width * factor > part.width || height * factor > part.height
        // Where one side shrinks, the continuous image is shown as it is there, and filtered afterwards.
        let shownHeight = max(height, Int(box.height.rounded(.up)))
        let shownWidth = max(width, Int(box.width.rounded(.up)))
        // A large picture pressed to a line is no more than a line: not a reason to show all of it.
        let isShown = enlarges && virtual.interpolation == .liif && shownHeight * shownWidth <= limits.area
        shown = isShown ? (shownHeight, shownWidth) : nil
    }

    /// Whether the model shows more than a tile: what takes minutes on a slow machine. Work on the file's own pixels takes
    /// seconds at most.
    package var isLarge: Bool { shown.map { $0.height * $0.width > Self.largestTile } ?? false }
}
