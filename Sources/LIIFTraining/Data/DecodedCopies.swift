import Files
import Foundation
import Imaging

/// `cache: bin`: decoded pictures on disk, in the folder `_bin_NAME` beside the folder NAME, as the released code has them.
/// Its own files are pickles of Python's; these are a header and the samples, RGB of 8 bits.
///
/// A copy counts while its picture has the size and date that it had. What cannot be written is decoded anew each time.
final class DecodedCopies: Sendable {
    private let folder: String
    private let root: String

    /// The picture's state and extent, little-endian, behind eight letters.
    private struct Header: Equatable {
        static let byteCount = 32
        private static let title = Array("liif-rgb".utf8)
        var size: Int64
        /// Since 1970. They only tell times apart, and may wrap.
        var nanoseconds: Int64
        var height, width: UInt32

        init(_ state: FileState, height: UInt32, width: UInt32) {
            size = state.size
            nanoseconds = Int64(state.seconds) &* 1_000_000_000 &+ Int64(state.nanoseconds)
            (self.height, self.width) = (height, width)
        }

        init?(_ bytes: Data) {
            guard bytes.count == Self.byteCount, bytes.starts(with: Self.title) else { return nil }
            func number<Number: FixedWidthInteger>(at offset: Int, _ type: Number.Type) -> Number {
                bytes.withUnsafeBytes {
                    Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self))
                }
            }
            (size, nanoseconds) = (number(at: 8, Int64.self), number(at: 16, Int64.self))
            (height, width) = (number(at: 24, UInt32.self), number(at: 28, UInt32.self))
        }

        var bytes: [UInt8] {
            func little(_ number: some FixedWidthInteger) -> [UInt8] {
                withUnsafeBytes(of: number.littleEndian) { Array($0) }
            }
            return Self.title + little(size) + little(nanoseconds) + little(height) + little(width)
        }
    }

    /// - Parameter root: The folder of the pictures, which their paths begin with.
    init(of root: String) {
        self.root = root
        let url = URL(fileURLWithPath: root).standardizedFileURL
        folder = url.deletingLastPathComponent().appendingPathComponent("_bin_" + url.lastPathComponent).path
    }

    /// The copy of a picture; it is made by `decode` where there is none that counts.
    func image(of file: String, decode: () throws -> Image<UInt8>) throws -> Image<UInt8> {
        guard let state = FileState(file) else { return try decode() }
        let copy = "\(folder)/\(name(of: file)).rgb"
        if let image = Self.read(copy, state) { return image }
        let image = try decode()
        let header = Header(state, height: UInt32(image.height), width: UInt32(image.width))
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try? AtomicFile.write(to: copy) { target in
            try header.bytes.withUnsafeBytes { try target.write($0) }
            try image.samples.withUnsafeBytes { try target.write($0) }
        }
        return image
    }

    /// The picture's path from the root, as one name: a split may list pictures of one name in several folders.
    private func name(of file: String) -> String {
        file.dropFirst(root.count).drop { $0 == "/" }
            .replacingOccurrences(of: "%", with: "%25").replacingOccurrences(of: "/", with: "%2F")
    }

    private static func read(_ copy: String, _ state: FileState) -> Image<UInt8>? {
        guard let handle = FileHandle(forReadingAtPath: copy),
            let bytes = try? handle.read(upToCount: Header.byteCount), let header = Header(bytes),
            header == Header(state, height: header.height, width: header.width), header.height > 0,
            header.width > 0,
            let samples = try? handle.readToEnd(),
            // Divided, for a damaged header's extent may be too large to be multiplied.
            samples.count.isMultiple(of: 3 * Int(header.width)),
            samples.count / (3 * Int(header.width)) == Int(header.height)
        else { return nil }
        return Image(
            width: Int(header.width), height: Int(header.height), channels: 3, samples: Array(samples))
    }
}
