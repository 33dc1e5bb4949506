/// Fowler, Noll and Vo's FNV-1a, 64 bits, of the text's UTF-8.
package func fnv1a(_ text: String) -> UInt64 { fnv1a(text.utf8) }

/// FNV-1a, 64 bits, of bytes.
package func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
}
