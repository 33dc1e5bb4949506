/// How a stored picture is to be turned to be seen: the values and meanings of EXIF's and TIFF's tag 274.
public enum Orientation: UInt16, Sendable, CaseIterable {
    /// The first row is the top, the first column the left side.
    case up = 1
    /// Mirrored left to right.
    case mirrored = 2
    /// Upside down.
    case down = 3
    /// Mirrored top to bottom.
    case downMirrored = 4
    /// Rows and columns exchanged.
    case leftMirrored = 5
    /// To be turned by 90° clockwise.
    case right = 6
    /// Rows and columns exchanged at the other diagonal.
    case rightMirrored = 7
    /// To be turned by 90° anticlockwise.
    case left = 8

    /// Whether width and height change places.
    public var exchangesExtents: Bool { rawValue >= 5 }
}
