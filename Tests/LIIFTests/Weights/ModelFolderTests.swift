import Files
import Foundation
import LIIF
import TestSupport
import Testing

@Suite struct ModelFolderTests {
    @Test func theFolderFollowsThePlatformsConvention() {
        func path(_ environment: [String: String]) -> String {
            ModelFolder.standard(environment: environment).path
        }
        #expect(path(["HOME": "/h", "LIIF_MODELS": "/m", "XDG_DATA_HOME": "/x"]) == "/m")
        #if os(macOS)
            #expect(path(["HOME": "/h"]) == "/h/Library/Application Support/liif/models")
        #else
            #expect(path(["HOME": "/h"]) == "/h/.local/share/liif/models")
            #expect(path(["HOME": "/h", "XDG_DATA_HOME": "/x", "LIIF_MODELS": ""]) == "/x/liif/models")
            // The XDG specification: a relative path is to be ignored.
            #expect(path(["HOME": "/h", "XDG_DATA_HOME": "x"]) == "/h/.local/share/liif/models")
        #endif
    }

    @Test func namesAreResolved() throws {
        try withTemporaryFolder { path in
            let folder = ModelFolder(path: path)
            for name in [
                "rdn-liif.pth", "fast.safetensors", "fast.onnx", "v1.2.safetensors", "notes.txt", ".pth",
            ] {
                try AtomicFile.write([1], to: "\(path)/\(name)")
            }
            #expect(folder.files.map(\.name) == ["fast", "fast", "rdn-liif", "v1.2"])
            #expect(try folder.resolve("default") == .embedded)
            #expect(try folder.resolve("rdn-liif") == .file("\(path)/rdn-liif.pth"))
            #expect(try folder.resolve("rdn-liif.pth") == .file("\(path)/rdn-liif.pth"))
            #expect(try folder.resolve("v1.2") == .file("\(path)/v1.2.safetensors"))
            #expect(try folder.resolve("fast.onnx") == .file("\(path)/fast.onnx"))
            // A path is a path.
            #expect(try folder.resolve("./rdn-liif") == .file("./rdn-liif"))
            #expect(try folder.resolve("\(path)/notes.txt") == .file("\(path)/notes.txt"))
            #expect(try folder.resolve("absent.pth") == .file("absent.pth"))
            #expect(
                throws: ModelNameError.ambiguous(
                    "fast", files: ["fast.onnx", "fast.safetensors"], folder: path)
            ) { try folder.resolve("fast") }
            #expect(throws: ModelNameError.unknown("rdn-lif", folder: path, suggestion: "rdn-liif")) {
                try folder.resolve("rdn-lif")
            }
            #expect(throws: ModelNameError.unknown("defualt", folder: path, suggestion: "default")) {
                try folder.resolve("defualt")
            }
            #expect(throws: ModelNameError.unknown("swinir", folder: path, suggestion: nil)) {
                try folder.resolve("swinir")
            }
        }
    }

    @Test func namesInErrorsAreEscaped() {
        let error = ModelNameError.ambiguous("a\n", files: ["\u{1B}.pth", "b"], folder: "m")
        #expect("\(error)" == #"a\n: several models in m have this name; say \u{1b}.pth or b."#)
    }

    @Test func aFolderThatIsNotThereHasNoModels() {
        let folder = ModelFolder(path: "/nonexistent/models")
        #expect(!folder.exists && folder.files.isEmpty)
        #expect(throws: ModelNameError.self) { try folder.resolve("rdn") }
    }
}
