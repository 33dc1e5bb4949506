import Foundation
import RecipeFormat
import Testing

/// Specifications out of files that somebody else made: what errors show of them, and what they may cost.
@Suite struct HostileRecipeTests {
    private func complaint(_ yaml: String, _ read: (RecipeSection) throws -> Void) -> String {
        let file = "a\u{1B}.yaml"
        do {
            try read(RecipeSection(RecipeMapping(yaml: yaml, file: file), at: .init(file: file)))
            return "(no error)"
        } catch {
            return "\(error)"
        }
    }

    @Test func whatSteersATerminalIsEscaped() {
        #expect(
            complaint(#"{"na\u001b[31mme\n": 1}"#) { try $0.allowOnly(["size"]) }
                == #"a\u{1b}.yaml:1: unknown key 'na\u{1b}[31mme\n'. Known here: size."#)
        #expect(
            complaint(#"{"name": "\u001b[2J\n"}"#) { _ = try $0.choice("name", of: ["liif"]) }
                == #"a\u{1b}.yaml:1: name: found the text '\u{1b}[2J\n', expected liif."#)
        #expect(
            complaint(#"{"name": {"\u001b": 1}}"#) { _ = try $0.string("name") }
                == #"a\u{1b}.yaml:1: name: found a mapping with the keys \u{1b}, expected a text."#)
    }

    @Test func longEvidenceIsCut() {
        let long = String(repeating: "z", count: 1000)
        #expect(
            complaint("{? \(long) : 1}") { try $0.allowOnly([]) }.contains(
                "unknown key '\(long.prefix(120))…'"))
        #expect(
            complaint("name: \(long)") { _ = try $0.choice("name", of: ["liif"]) }
                .contains("found the text '\(long.prefix(60))…', expected liif"))
        let keys = (0..<1000).map { "k\($0): 1" }.joined(separator: ", ")
        #expect(
            complaint("name: {\(keys)}") { _ = try $0.string("name") }
                .contains("with the keys k0, k1, k2, k3, k4, k5, k6, k7 …, expected"))
        let list = String(repeating: "7, ", count: 1000)
        #expect(
            complaint("name: [\(list)]") { _ = try $0.numbers("name", "1") { $0.count == 1 } }.count < 200)
    }

    /// As the metadata of a safetensors file may be, of which Yams would make gigabytes.
    @Test func longTextsAreRefused() {
        let long = "a: '" + String(repeating: "z", count: 1 << 20) + "'"
        #expect(
            complaint(long) { _ in }
                == #"a\u{1b}.yaml: not valid YAML: it is longer than 1 MiB."#)
    }

    /// A pickle may hold a name of megabytes: comparing it letter by letter takes seconds and gigabytes.
    @Test func noLongWordIsNear() {
        func seconds() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let word = String(repeating: "a", count: 3_000_000)
        let start = seconds()
        #expect(nearMiss(of: word, in: ["encoder_spec", "imnet_spec", "local_ensemble"]) == nil)
        #expect(seconds() - start < 0.5)
        #expect(nearMiss(of: "encoder-spce", in: ["encoder_spec", "imnet_spec"]) == "encoder_spec")
    }
}
