import Foundation
import ImageCodecs
import Imaging
import LIIF
import LIIFEvaluation
import LIIFReproduction
import TestSupport
import Testing

/// What is measured, and when it is measured anew.
@Suite struct MeasuredFilesTests {
    private func picture(_ size: Int, _ value: (_ y: Int, _ x: Int) -> Int) -> Image<UInt8> {
        var image = Image<UInt8>(width: size, height: size, channels: 3)
        for y in 0..<size {
            for x in 0..<size {
                for channel in 0..<3 { image[y, x, channel] = UInt8(truncatingIfNeeded: value(y, x)) }
            }
        }
        return image
    }

    /// A validation set of one picture of 120×120.
    private func reproduction(_ folder: String, models: String = "models") throws -> Reproduction {
        let validation = "\(folder)/data/validation"
        if !FileManager.default.fileExists(atPath: validation) {
            try FileManager.default.createDirectory(atPath: validation, withIntermediateDirectories: true)
            try picture(120) { $0 + $1 }.write(to: "\(validation)/a.png")
        }
        return try Reproduction(
            .init(
                data: "\(folder)/data", models: "\(folder)/\(models)", recipes: recipesFolder,
                output: "\(folder)/out"), budget: .small(SmallBudget()))
    }

    @Test func filesThatChangeHaveAnotherFingerprint() throws {
        try withTemporaryFolder { folder in
            let files = ["a", "b"].map { "\(folder)/\($0)" }
            func write(_ text: String, at date: Double = 1e9) throws {
                for file in files {
                    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
                    try FileManager.default.setAttributes(
                        [.modificationDate: Date(timeIntervalSince1970: date)], ofItemAtPath: file)
                }
            }
            try write("xy")
            let first = fingerprint(of: files)
            #expect(fingerprint(of: files.reversed()) != first && fingerprint(of: [files[0]]) != first)
            #expect(fingerprint(of: [files[0], "\(folder)/c"]) != first)
            try write("xyz")
            #expect(fingerprint(of: files) != first)
            try write("xy", at: 1e9 + 1)
            #expect(fingerprint(of: files) != first)
            try write("xy")
            #expect(fingerprint(of: files) == first)
        }
    }

    @Test func aReplacedPictureIsMeasuredAnew() throws {
        try withTemporaryFolder { folder in
            func bicubic() throws -> String {
                let lines = try reproduction(folder).report(.table3).split(separator: "\n")
                return String(try #require(lines.first { $0.hasPrefix("| Bicubic |") }))
            }
            let first = try bicubic()
            #expect(try bicubic() == first)
            try picture(120) { $0 * 73 ^ $1 * 37 }.write(to: "\(folder)/data/validation/a.png")
            #expect(try bicubic() != first)
        }
    }

    /// Not what is in the folder when the models are trained, under the date of what was there before.
    @Test func whatWasOpenedIsMeasuredAsItIsThen() throws {
        try withTemporaryFolder { folder in
            func bicubic(_ text: String) throws -> String {
                String(try #require(text.split(separator: "\n").first { $0.hasPrefix("| Bicubic |") }))
            }
            let reproduction = try reproduction(folder)
            let opened = try reproduction.open([.table3])
            let validation = "\(folder)/data/validation"
            try picture(120) { $0 * 73 ^ $1 * 37 }.write(to: "\(validation)/a.png")
            try picture(120) { $0 - $1 }.write(to: "\(validation)/b.png")
            let measured = try bicubic(reproduction.report(opened[0]))
            try FileManager.default.removeItem(atPath: "\(validation)/b.png")
            let path = "\(folder)/models/measurements.json"
            let known = try String(contentsOfFile: path, encoding: .utf8)
            try known.replacing(/("psnr" : )[0-9.]+/) { "\($0.output.1)77.25" }
                .write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try bicubic(self.reproduction(folder).report(.table3)).hasSuffix(" | 77.25 | 77.25 |"))
            try FileManager.default.removeItem(atPath: path)
            #expect(try bicubic(self.reproduction(folder).report(.table3)) == measured)
        }
    }

    /// What is in the file has been altered by hand; what is measured anew has other numbers.
    @Test func aMeasurementInAnotherPrecisionDoesNotCount() throws {
        try withTemporaryFolder { folder in
            let set = "\(folder)/data/benchmark/Set5/HR"
            try FileManager.default.createDirectory(atPath: set, withIntermediateDirectories: true)
            try picture(24) { $0 * 5 + $1 * 3 }.write(to: "\(set)/a.png")
            func rows() throws -> [String] {
                var reproduction = try reproduction(folder)
                reproduction.precision = .float32
                return try reproduction.report(.table2).split(separator: "\n").map(String.init)
                    .filter { $0.hasPrefix("| Bicubic |") || $0.hasPrefix("| the embedded model |") }
            }
            let measured = try rows()
            let path = "\(folder)/models/measurements.json"
            let altered = try String(contentsOfFile: path, encoding: .utf8)
                .replacing(/("psnr" : )[0-9.]+/) { "\($0.output.1)77.25" }
            try altered.write(toFile: path, atomically: true, encoding: .utf8)
            let known = try rows()
            #expect(known.count == 2 && known.allSatisfy { $0.hasSuffix(" | 77.25 | 77.25 |") })
            try altered.replacing("float32 |", with: "bfloat16 |")
                .write(toFile: path, atomically: true, encoding: .utf8)
            // Bicubic has no precision.
            #expect(try rows() == [known[0], measured[1]])
        }
    }

    /// Bicubic at ×2 would come first.
    @Test func aMissingInputIsNamedBeforeAnythingIsMeasured() throws {
        try withTemporaryFolder { folder in
            let set = "\(folder)/data/benchmark/Set5"
            for name in ["HR", "LR_bicubic/X2"] {
                try FileManager.default.createDirectory(
                    atPath: "\(set)/\(name)", withIntermediateDirectories: true)
            }
            try picture(64) { $0 + $1 }.write(to: "\(set)/HR/a.png")
            try picture(32) { $0 + $1 }.write(to: "\(set)/LR_bicubic/X2/ax2.png")
            let error = EvaluationError.missingInput(
                expected: "\(set)/LR_bicubic/X3/ax3.png", original: "\(set)/HR/a.png")
            #expect(throws: error) { _ = try reproduction(folder).report(.table2) }
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/models/measurements.json"))
        }
    }

    /// The last 100 are flat, which bicubic enlarges without an error; those that select the model are not.
    @Test func theFacesThatTestAreMeasured() throws {
        try withTemporaryFolder { folder in
            let faces = "\(folder)/data/faces256"
            try FileManager.default.createDirectory(atPath: faces, withIntermediateDirectories: true)
            for index in 0..<201 {
                try picture(16) { y, x in index < 101 ? y * 73 ^ x * 37 : index }
                    .write(to: "\(faces)/\(1000 + index).png")
            }
            let lines = try reproduction(folder).report(.table5).split(separator: "\n")
            #expect(lines.filter { $0.hasPrefix("| Bicubic |") } == ["| Bicubic | ∞ |", "| Bicubic | ∞ |"])
        }
    }

    /// Before a SIREN is fitted.
    @Test func aFigureWithoutLargePicturesIsNotDrawn() throws {
        try withTemporaryFolder { folder in
            var reproduction = try reproduction(folder)
            try picture(200) { $0 + $1 }.write(to: "\(folder)/figure.png")
            reproduction.picture = "\(folder)/figure.png"
            let error = ReproductionError.noneLargeEnough(
                folder: "\(folder)/data/validation", count: 1, least: 1152)
            #expect(throws: error) { _ = try reproduction.report(.figure5) }
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/out/figure5.png"))
            // Nor is anything trained for it.
            #expect(throws: error) { _ = try reproduction.open([.table4, .figure5]) }
        }
    }

    /// The oracle is POSIX's rule for quotes.
    @Test func commandsAreForTheShell() throws {
        try withTemporaryFolder { folder in
            let plain = try reproduction(folder).plan([.table4]).runs[0]
            let run = "\(folder)/models/small/edsr-baseline-liif"
            #expect(
                plain.command
                    == "liif train \(run)/recipe.yaml --folder \(run) --data-root \(folder)/data --resume")
            let quoted = try reproduction(folder, models: "it's mine").plan([.table4]).runs[0]
            #expect(
                quoted.command.contains(
                    " --folder '\(folder)/it'\\''s mine/small/edsr-baseline-liif' --data-root \(folder)/data "
                ))
        }
    }
}
