import CImageCodecs
import Files

extension codec_failure {
    /// The recorded evidence in words.
    private var words: String {
        if status == CODEC_SYSTEM, system_error != 0 { return systemReason(system_error) }
        let text = withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return text.last == "." ? String(text.dropLast()) : text
    }

    /// The failure of reading a file's header, or a later part of which `progress` says how much was complete.
    func readingError(path: String, format: ImageFormat, progress: String? = nil) -> ImageCodecError {
        switch status {
        case CODEC_TRUNCATED:
            .truncated(path: path, format: format, detail: "it ends \(progress ?? "within its header")")
        case CODEC_UNSUPPORTED: .unsupported(path: path, format: format, detail: words)
        case CODEC_SYSTEM: .unreadable(path: path, reason: words)
        default: .corrupt(path: path, format: format, detail: words)
        }
    }

    /// The failure of writing a file.
    func writingError(path: String) -> ImageCodecError { .unwritable(path: path, reason: words) }
}
