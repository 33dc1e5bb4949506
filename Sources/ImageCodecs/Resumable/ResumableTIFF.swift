/// Large TIFF files that are written over several runs of a program: a run that ends early, even by `kill -9` or a
/// power cut, is gone on with, and the file is byte for byte what one run would have written.
///
/// Beside the output, in its folder, lie two hidden files until it is complete: `.NAME.liif-partial`, the TIFF file as
/// far as it goes, and `.NAME.liif-journal`, which says what the job is and which rows of tiles are whole, with
/// their sizes and checksums. A row of tiles is on the disk before the journal tells of it. Opening the sink again reads
/// the journal, compares the job, checks the bytes of all finished rows, cuts off what comes behind the last whole one
/// and goes on there:
///
///     let job = ["input": try ContentHash.ofFile(at: input), "model": modelHash, "scale": "4"]
///     let sink = try ResumableTIFF.sink(at: output, info: info, metadata: metadata, options: tiff, job: job)
///     // sink.rowsWritten rows are there already: a multiple of the tile size, or all
///     while sink.rowsWritten < info.height { try sink.writeRows(rows(from: sink.rowsWritten)) }
///     try sink.finish()   // renamed to `output`; journal and partial file are gone
///
/// The rows must be the same in each run: the caller lists in `job` all that they depend on.
public enum ResumableTIFF {
    /// Begins a file or goes on with it.
    ///
    /// - Parameters:
    ///   - path: The output's name.
    ///   - info: What the rows will be.
    ///   - metadata: What the file is to hold beside the rows: a source's metadata, or none.
    ///   - options: Tiles of `tileSize` or, where that is nil, 256 pixels a side; any compression.
    ///   - job: What must be the same to go on, such as hashes of input and model and the options, by names that an
    ///     error can say. Extent, layout and metadata are compared as well.
    /// - Throws: `ImageCodecError.differentJob` if the file was begun otherwise; what `ImageFile.sink` throws; and
    ///   `.unwritable` if another process is writing it.
    public static func sink(
        at path: String, info: ImageInfo, metadata: ImageMetadata = ImageMetadata(),
        options: TIFFOptions = TIFFOptions(), job: [String: String]
    ) throws(ImageCodecError) -> ResumableTIFFSink {
        var options = options
        options.tileSize = options.tileSize ?? 256
        return try ResumableTIFFSink(path: path, info: info, metadata: metadata, options: options, job: job)
    }

    /// Whether there is something to go on with.
    public static func isBegun(at path: String) -> Bool {
        (try? PartialFile.names(for: path)).map { PartialFile.exists($0.journal) } ?? false
    }

    /// Removes the partial file and the journal, if there are any.
    public static func discard(at path: String) {
        guard let names = try? PartialFile.names(for: path) else { return }
        PartialFile.remove(names.partial)
        PartialFile.remove(names.journal)
    }

    /// The name of the partial file, for messages.
    public static func partialPath(for path: String) -> String {
        (try? PartialFile.names(for: path).partial) ?? path
    }
}
