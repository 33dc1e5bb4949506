/// The luma weights of the super-resolution benchmarks: ITU-R BT.601 for samples in [0, 1], luma in studio range
/// (16…235 of 255) without its offset.
///
/// Their sum is 219.859 / 256, so a difference of luma is smaller than the difference of grey samples.
public enum Luma {
    /// 65.738 / 256.
    public static let red = 65.738 / 256
    /// 129.057 / 256.
    public static let green = 129.057 / 256
    /// 25.064 / 256.
    public static let blue = 25.064 / 256
}
