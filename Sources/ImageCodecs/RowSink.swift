public import Imaging

/// A picture file that is written from the top, a few rows at a time.
///
/// The file appears under its name only when `finish()` succeeds; until then the rows go to a file without a name, or where
/// the system has no such files to a hidden one in the same folder. `cancel()`, any error and the sink's end remove it, but
/// for `ResumableTIFFSink`'s.
public protocol RowSink: AnyObject {
    /// What the file is to hold.
    var info: ImageInfo { get }
    /// Rows written so far.
    var rowsWritten: Int { get }
    /// Writes the next rows: `info.rowSize` bytes each, 16-bit samples in native byte order.
    ///
    /// - Precondition: the sink is open, `buffer` holds whole rows and no more than are left.
    func writeRows(_ buffer: UnsafeRawBufferPointer) throws(ImageCodecError)
    /// Completes the file and moves it to its name, replacing what was there.
    ///
    /// - Precondition: all rows are written and the sink is open.
    func finish() throws(ImageCodecError)
    /// Gives up: removes what was written. Does nothing after `finish()`.
    func cancel()
}

extension RowSink {
    /// Writes a strip as the next rows, converted to the file's depth.
    ///
    /// - Precondition: the strip has the file's width and channels and no more rows than are left.
    public func writeRows<Sample: ImageSample>(_ strip: Image<Sample>) throws(ImageCodecError) {
        precondition(
            strip.width == info.width && strip.channels == info.channels, "the strip does not fit the file")
        // Concrete types, so that the conversion is compiled for them.
        if info.bitsPerSample == 8, let deep = strip as? Image<UInt16> {
            try write(Image<UInt8>(depthOf: deep))
        } else if info.bitsPerSample == 16, let shallow = strip as? Image<UInt8> {
            try write(Image<UInt16>(depthOf: shallow))
        } else {
            try write(strip)
        }
    }

    /// Writes a strip as the next rows, clamped to [0, 1] and rounded to the file's depth.
    ///
    /// - Precondition: the strip has the file's width and channels and no more rows than are left.
    public func writeRows(_ strip: FloatImage) throws(ImageCodecError) {
        if info.bitsPerSample == 16 {
            try writeRows(strip.rounded(to: UInt16.self))
        } else {
            try writeRows(strip.rounded(to: UInt8.self))
        }
    }

    private func write<Sample: ImageSample>(_ strip: Image<Sample>) throws(ImageCodecError) {
        let result = strip.samples.withUnsafeBytes { bytes -> Result<Void, ImageCodecError> in
            do throws(ImageCodecError) {
                return .success(try writeRows(bytes))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }
}
