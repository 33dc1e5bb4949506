#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The system's words for an `errno`, for the end of a sentence: its first letter in lower case.
package func systemReason(_ code: CInt) -> String {
    guard let words = strerror(code) else { return "system error \(code)" }
    let message = String(cString: words)
    return message.prefix(1).lowercased() + message.dropFirst()
}
