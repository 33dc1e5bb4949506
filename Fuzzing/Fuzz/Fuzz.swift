import CLibFuzzer
import Foundation

/// Feeds libFuzzer's inputs to one of the parsers of this package.
///
///     Fuzz seeds TARGET FOLDER            writes the inputs that the search begins with
///     Fuzz run TARGET [libFuzzer's own]   searches
///
/// Whatever the input, a parser returns or throws one of its own errors; anything else is a crash.
@main
struct Fuzz {
    /// What libFuzzer's callback, a C function, runs.
    nonisolated(unsafe) private static var target = Target.safetensors

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let target = Target(rawValue: arguments[2]) else {
            print("usage: Fuzz seeds|run \(Target.allCases.map(\.rawValue).joined(separator: "|")) …")
            exit(64)
        }
        switch arguments[1] {
        case "seeds" where arguments.count == 4:
            for (name, bytes) in try target.seeds() {
                try Data(bytes).write(to: URL(fileURLWithPath: arguments[3]).appendingPathComponent(name))
            }
        case "run":
            Self.target = target
            var strings = ([arguments[0]] + arguments[3...]).map { strdup($0) }
            strings.append(nil)
            var count = CInt(strings.count - 1)
            let status = strings.withUnsafeMutableBufferPointer { buffer in
                var base = buffer.baseAddress
                return LLVMFuzzerRunDriver(&count, &base) { data, size in
                    Fuzz.target.parse(UnsafeRawBufferPointer(start: data, count: size))
                    return 0
                }
            }
            exit(status)
        default:
            print("unknown: \(arguments[1])")
            exit(64)
        }
    }
}
