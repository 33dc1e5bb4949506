import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct TestSupportTests {
    private struct FormulaCase: Decodable {
        let name: String
        let shape: [Int]
        let fanIn: Int
        let first: [UInt32]
        let last: UInt32
        let polynomial31: String
    }

    /// The oracle is the Python implementation in Scripts/make-tensorfiles-fixtures.py.
    @Test func formulaWeightsFollowPythonBitByBit() throws {
        let cases = try Fixtures.decoded([FormulaCase].self, from: "formula-weights.json")
        #expect(cases.count == 3)
        for expected in cases {
            let weights = formulaWeights(name: expected.name, shape: expected.shape, fanIn: expected.fanIn)
            let bits = weights.map(\.bitPattern)
            #expect(Array(bits.prefix(8)) == expected.first)
            #expect(bits.last == expected.last)
            #expect(String(bits.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) }) == expected.polynomial31)
        }
    }

    /// The oracle is the first output of the published splitmix64.c for the seed 0.
    @Test func splitMix64FollowsItsPublication() {
        var generator = SplitMix64(seed: 0)
        #expect(generator.next() == 0xE220_A839_7B1D_CDAF)
        #expect(fnv1a64("a".utf8) == 0xAF63_DC4C_8601_EC8C)
        #expect(generator.uniforms(1000, in: 2...3).allSatisfy { (2...3).contains($0) })
    }

    @Test func assertCloseAcceptsWhatIsClose() {
        assertClose(
            actual: [1, .infinity, 0], expected: [1.0005, .infinity, -0.0], absolute: 0, relative: 1e-3)
        assertClose(actual: [], expected: [], absolute: 0, shape: [0, 3])
    }

    @Test func assertCloseNamesTheWorstElement() {
        withKnownIssue {
            assertClose(
                actual: [0, 1, 9, 3, 4, 5.5], expected: [0, 1, 2, 3, 4, 5], absolute: 0.1, shape: [2, 3])
        } matching: { issue in
            let text = issue.comments.first?.rawValue ?? ""
            return text.contains("2 of 6 elements differ; worst at 2 [0, 2]: expected 2.0, got 9.0")
        }
        for (actual, expected) in [
            ([Float.nan], [Float(1)]), ([1], [.nan]), ([.nan], [.nan]), ([.infinity], [1]),
            ([1], [.infinity]),
            ([-.infinity], [.infinity]), ([1, 2], [1]),
        ] {
            withKnownIssue { assertClose(actual: actual, expected: expected, absolute: 1e30) }
        }
    }

    /// d/dx (Σ x³ + x₀x₁) is known.
    @Test func checkGradientAcceptsTheGradientAndNothingElse() {
        let point: [Float] = [0.5, -1, 2]
        func f(_ x: [Float]) -> Double {
            x.reduce(0) { $0 + Double($1) * Double($1) * Double($1) } + Double(x[0]) * Double(x[1])
        }
        let gradient: [Float] = [3 * 0.25 - 1, 3 + 0.5, 12]
        checkGradient(of: f, at: point, expected: gradient, relative: 1e-4)
        withKnownIssue {
            checkGradient(of: f, at: point, expected: [gradient[0], gradient[1], 11], relative: 1e-4)
        } matching: {
            $0.comments.first?.rawValue.contains("1 of 3 derivatives differ; worst at 2") == true
        }
        withKnownIssue { checkGradient(of: f, at: point, expected: [.nan, gradient[1], 12]) }
        checkGradient(of: f, at: point, expected: [.nan, gradient[1], 12], indices: [1, 2])
        #expect(sampledIndices(5, of: 100).count == 5)
        #expect(sampledIndices(5, of: 3) == [0, 1, 2])
    }

    @Test func aTemporaryFolderIsGoneAfterwards() async throws {
        let path = try withTemporaryFolder { folder in
            #expect(FileManager.default.createFile(atPath: folder + "/x", contents: Data()))
            return folder
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        let other = try await withTemporaryFolder { folder in
            await Task.yield()
            #expect(FileManager.default.fileExists(atPath: folder))
            return folder
        }
        #expect(!FileManager.default.fileExists(atPath: other))
    }
}
