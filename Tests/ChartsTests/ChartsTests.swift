import Charts
import Foundation
import Testing

@Suite struct ChartsTests {
    @Test func linearAxesCountInRoundSteps() {
        let axis = Axis(0...97, from: 100, to: 500)
        #expect(axis(0) == 100 && axis(97) == 500 && axis(48.5) == 300)
        #expect(axis(-5) == 100 && axis(1000) == 500)
        #expect(axis.ticks(about: 5) == [0, 20, 40, 60, 80])
        #expect(String(format: "%.4g", axis.ticks()[0]) == "0", "not -0")
        #expect(
            Axis(0.1...0.35, from: 0, to: 1).ticks(about: 5).map { ($0 * 100).rounded() } == [
                10, 15, 20, 25, 30, 35,
            ])
    }

    @Test func logarithmicAxesCountInPowersOfTen() {
        let axis = Axis(1...10000, from: 400, to: 0, logarithmic: true)
        #expect(axis.ticks() == [1, 10, 100, 1000, 10000])
        #expect(abs(axis(100) - 200) < 1e-9 && axis(0) == 400)
        #expect(Axis(0.02...0.09, from: 0, to: 1, logarithmic: true).ticks().isEmpty)
    }

    @Test func textsAreEscaped() throws {
        var canvas = SVGCanvas(width: 100, height: 50)
        canvas.line(0, 0, 1, 1, "#000")
        canvas.polyline([(0, 1), (2, 3)], "red")
        canvas.circle(5, 5, radius: 2, "blue")
        canvas.text(1, 2, "a < b & c")
        #expect(canvas.svg.contains("a &lt; b &amp; c"))
        #expect(canvas.svg.contains("points=\"0.0,1.0 2.0,3.0\""))
        #expect(canvas.svg.hasPrefix("<svg ") && canvas.svg.hasSuffix("</svg>\n"))
    }
}
