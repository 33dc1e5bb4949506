import Foundation
import ImageCodecs
import Imaging
import LIIF
import PictureFixtures
import TestSupport
import Testing

/// The corpus of damaged pictures through the program.
@Suite struct DamagedPictureTests {
    /// What a line of `--json` says.
    private struct Record: Decodable {
        var input, output, error: String?
        var status: String
    }

    /// Extents and a network so small that they take no time, and the limit that keeps a lying header from taking any.
    private let options = [
        "--fit", "40x40", "--pixel-limit", "4", "--json", "--model", "small.safetensors",
    ]
    /// Seconds of the processors' time that a run may take.
    private let patience = 5

    private func records(_ outcome: Outcome) throws -> [Record] {
        try outcome.output.split(separator: "\n").map {
            try JSONDecoder().decode(Record.self, from: Data($0.utf8))
        }
    }

    /// A name that a folder's search finds, without signs of its own.
    private static func fileName(_ title: String, _ number: Int) -> String {
        let ending = ImageFormat(pathExtension: title)?.extensions[0] ?? "png"
        return "\(number)-" + title.filter { $0.isLetter || $0.isNumber } + ".\(ending)"
    }

    private static func corpus() throws -> [(name: String, bytes: [UInt8], isRefused: Bool)] {
        let files =
            try DamagedPictures.handMade().map { ($0.name, $0.bytes, true) }
            + DamagedPictures.mutants().map { ($0.name, $0.bytes, false) }
        return files.enumerated().map { (fileName($1.0, $0), $1.1, $1.2) }
    }

    /// Many at a time in 5 s, so that none of them takes longer.
    @Test func foldersOfThem() throws {
        let files = try Self.corpus()
        #expect(files.count > 400)
        var failed = 0
        for start in stride(from: 0, to: files.count, by: 30) {
            try withTemporaryFolder { folder in
                let batch = files[start..<min(start + 30, files.count)]
                try smallModel().write(to: folder + "/small.safetensors")
                try FileManager.default.createDirectory(
                    atPath: folder + "/in", withIntermediateDirectories: false)
                for file in batch {
                    try Data(file.bytes).write(to: URL(fileURLWithPath: "\(folder)/in/\(file.name)"))
                }
                let outcome = try liif(
                    ["upscale", "in", "-o", "out"] + options, in: folder, within: patience)
                failed += try check(batch.map { ($0.name, $0.isRefused) }, outcome, in: folder)
            }
        }
        #expect(failed > 160, "\(failed) of \(files.count): the damage is too weak")
    }

    /// - Returns: How many failed.
    private func check(_ files: [(name: String, isRefused: Bool)], _ outcome: Outcome, in folder: String)
        throws -> Int
    {
        let records = try records(outcome)
        #expect(records.count == files.count + 1 && records.last?.status == "summary")
        var outputs: Set<String> = []
        for (name, isRefused) in files {
            let record = try #require(records.first { $0.input == "in/\(name)" }, "\(name) is not reported")
            if record.status == "done" {
                #expect(!isRefused, "\(name) is accepted")
                let output = try #require(record.output)
                outputs.insert(String(output.dropFirst("out/".count)))
                let picture = try Image<UInt8>.read(from: "\(folder)/\(output)")
                #expect(max(picture.width, picture.height) == 40)
            } else {
                let error = try #require(record.error)
                #expect(record.status == "failed")
                #expect(error.contains("in/\(name)") && error.hasSuffix(".") && error.count < 600, "\(error)")
                #expect(outcome.errors.contains("Error: \(error)\n"), "\(error)")
            }
        }
        let failed = files.count - outputs.count
        #expect(outcome.status == (failed == 0 ? 0 : 1))
        #expect(outcome.errors.contains(", \(failed) failed:") || failed == 0)
        let left = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/out")) ?? []
        #expect(Set(left) == outputs)
        return failed
    }

    /// Alone each ends the program with its message; nothing appears in the folder.
    @Test func someOfThemAlone() throws {
        let files = try Self.corpus().filter(\.isRefused)
        for file in files.enumerated().filter({ $0.offset % 7 == 0 }).map(\.element) {
            try withTemporaryFolder { folder in
                try Data(file.bytes).write(to: URL(fileURLWithPath: "\(folder)/\(file.name)"))
                try smallModel().write(to: folder + "/small.safetensors")
                let before = try contents(of: folder)
                let arguments = [
                    "upscale", file.name, "-o", "out.png", "--scale", "2", "--model", "small.safetensors",
                ]
                let outcome = try liif(arguments, in: folder, within: patience)
                #expect(outcome.status == 1 && outcome.output == "")
                let words = outcome.errors
                #expect(words.hasPrefix("Error: \(file.name) ") && words.hasSuffix(".\n"), "\(words)")
                #expect(words.filter { $0 == "\n" }.count == 1, "\(words)")
                #expect(try contents(of: folder) == before)
            }
        }
    }
}
