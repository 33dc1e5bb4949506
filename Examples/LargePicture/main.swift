// A picture of any height, four times as large, in the memory of a few rows:
//
//     swift run -c release LargePicture scan.png scan-4x.png
import ImageCodecs
import Imaging
import LIIF

let names = CommandLine.arguments.dropFirst()
guard let input = names.first, let output = names.dropFirst().first else {
    fatalError("expected the names of an input and an output")
}

// Rows come from the file as they are needed, in sRGB: the output has no profile...
let source = try ImageFile.source(at: input, inSRGB: true)
let (height, width) = (source.info.height, source.info.width)
let stream = try UpscalingStream(
    LIIFModel.default(), height: height, width: width, outputHeight: 4 * height, outputWidth: 4 * width
) { count in
    guard let rows = try source.readRows(count, as: UInt16.self) else { fatalError("there are more rows") }
    return FloatImage(rows.rgb())
}

// ... and go to a file as they are made. It appears under its name when it is complete.
let sink = try ImageFile.sink(
    at: output, info: ImageInfo(width: 4 * width, height: 4 * height, channels: 3))
while let strip = try stream.next() {
    try sink.writeRows(strip)
    print("\(sink.rowsWritten) of \(4 * height) rows")
}
try sink.finish()
