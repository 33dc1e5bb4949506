import Foundation
import TestSupport
import Testing

/// Manual pages and shell completions, as the packages install them.
@Suite struct ManualTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Whether a program is there, for what only some machines have.
    static func has(_ program: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }

    /// The oracle is mandoc's own check, or groff's where there is no mandoc.
    @Test(.enabled("needs python3") { has("python3") })
    func manualPagesAreWellFormed() throws {
        try withTemporaryFolder { folder in
            let made = try runScript(
                "'\(Self.root)/Scripts/install-extras' '\(Program.path)' \(folder)", in: folder)
            #expect(made.status == 0 && made.output == "")
            let pages = try FileManager.default.contentsOfDirectory(atPath: folder + "/share/man/man1")
                .sorted()
            #expect(pages.contains("liif.1") && pages.contains("liif-upscale.1"))
            for page in pages {
                let path = "share/man/man1/\(page)"
                if Self.has("mandoc") {
                    let lint = try runScript("mandoc -T lint -W warning \(path)", in: folder)
                    #expect(lint.status == 0 && lint.output == "", "\(page)")
                }
                if Self.has("groff") {
                    let warnings = try runScript("groff -man -Tutf8 -ww \(path) > /dev/null", in: folder)
                    #expect(warnings.status == 0 && warnings.output == "", "\(page)")
                }
            }
            let source = try String(
                contentsOfFile: folder + "/share/man/man1/liif-upscale.1", encoding: .utf8)
            #expect(source.contains(#"\fB\-o\fR, \fB\-\-output\fR \fIfile\fR"#))
            #expect(source.contains(#"liif upscale photo.jpg \-o poster.png \-\-scale 3.7"#))
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func completionsAreWellFormed(shell: String) throws {
        try withTemporaryFolder { folder in
            let outcome = try liif(["--generate-completion-script", shell], in: folder)
            #expect(outcome.status == 0 && outcome.output.contains("max-megapixels"))
            try outcome.output.write(toFile: folder + "/completion", atomically: true, encoding: .utf8)
            // Each shell checks its own; one that is not installed has nothing to say.
            guard Self.has(shell) else { return }
            let check = try runScript("\(shell) -n completion", in: folder)
            #expect(check.status == 0 && check.output == "")
        }
    }
}
