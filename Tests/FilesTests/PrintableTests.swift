import Files
import Testing

@Suite struct PrintableTests {
    @Test(arguments: [
        ("encoder.head.0.weight", "encoder.head.0.weight"), ("", ""),
        ("é, привет, 猫 and 👩‍🔬", "é, привет, 猫 and 👩‍🔬"),
        ("\u{1B}[31m\r\n\t\0\u{7F}\u{9B}2J", #"\u{1b}[31m\r\n\t\u{0}\u{7f}\u{9b}2J"#),
        ("a\u{2028}b\u{2029}c\u{85}d", #"a\u{2028}b\u{2029}c\u{85}d"#),
        ("\u{202E}a\u{2066}b\u{200F}c\u{61C}", #"\u{202e}a\u{2066}b\u{200f}c\u{61c}"#),
    ])
    func whatSteersATerminalIsEscaped(name: String, shown: String) {
        #expect(name.printable == shown && name.escaped == shown)
        #expect(shown.escaped == shown)
    }

    @Test func longNamesAreCut() {
        let name = String(repeating: "a", count: 120)
        #expect(name.printable == name)
        #expect((name + "b").printable == name + "…")
        #expect((name + "b").escaped == name + "b")
        #expect("\nabc".printable(atMost: 2) == #"\na…"#)
    }
}
