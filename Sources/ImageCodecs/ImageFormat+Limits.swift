extension ImageFormat {
    /// Refuses what the format, or the library that writes it, cannot hold.
    func check(_ info: ImageInfo, path: String) throws(ImageCodecError) {
        // libjpeg's limit is a little below its format's 65535.
        let limit = self == .png ? Int(Int32.max) : 65500
        func refusal(_ detail: String) -> ImageCodecError {
            .exceedsFormat(path: path, format: self, detail: detail)
        }
        if info.width > limit || info.height > limit {
            throw refusal("\(info.width)×\(info.height) pixels, and a side may have at most \(limit)")
        }
        guard self == .jpeg else { return }
        if info.channels % 2 == 0 { throw refusal("it holds no transparency") }
        if info.bitsPerSample != 8 { throw refusal("its samples have 8 bits, not 16") }
    }
}
