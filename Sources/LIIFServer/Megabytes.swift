/// MB, in which users give and read amounts of memory: 10⁶ bytes, as SI has it.
package enum Megabytes {
    private static let size = 1_000_000

    /// The bytes of so many.
    package static func bytes(_ count: Int) -> Int { count * size }

    /// How many hold some bytes.
    package static func count(holding bytes: Int) -> Int { (bytes + size - 1) / size }
}
