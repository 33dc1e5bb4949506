import Foundation
import TestSupport
import Testing

/// The help texts, word for word. After a change: `Scripts/make-help-goldens`, then read what is different.
@Suite struct HelpTests {
    /// What `--experimental-dump-help` prints.
    private struct Description: Decodable {
        struct Command: Decodable {
            struct Argument: Decodable {
                struct Name: Decodable { let name: String }
                let abstract: String?
                let names: [Name]?
                let shouldDisplay: Bool
            }
            let commandName: String
            let discussion: String?
            let arguments: [Argument]?
            let subcommands: [Command]?
        }
        let command: Command
    }

    private func description() throws -> Description.Command {
        let dump = try liif(["--experimental-dump-help"], in: "/tmp")
        return try JSONDecoder().decode(Description.self, from: Data(dump.output.utf8)).command
    }

    private func commands() throws -> [Description.Command] {
        try #require(description().subcommands).filter { $0.commandName != "help" }
    }

    @Test func everyCommandsHelpIsTheOneThatWasRead() throws {
        let names = try commands().map(\.commandName)
        let goldens = try FileManager.default.contentsOfDirectory(atPath: fixture("help"))
        #expect(goldens.sorted() == (names + ["liif"]).map { $0 + ".txt" }.sorted())
        for golden in goldens {
            let name = String(golden.dropLast(4))
            let text = try liif(name == "liif" ? ["help"] : ["help", name], in: "/tmp")
            let expected = try String(contentsOfFile: fixture("help/\(golden)"), encoding: .utf8)
            #expect(text.status == 0 && text.output == expected, "\(name): run Scripts/make-help-goldens")
        }
    }

    @Test func everyOptionIsExplainedAndEveryCommandHasAnExample() throws {
        for command in try commands() {
            #expect(
                command.discussion?.contains("liif \(command.commandName)") == true, "\(command.commandName)")
            for argument in command.arguments ?? [] where argument.shouldDisplay {
                let name = argument.names?.first?.name ?? "an argument"
                #expect((argument.abstract ?? "").count > 10, "\(command.commandName): \(name)")
            }
        }
    }

    @Test func linesFitATerminal() throws {
        for golden in try FileManager.default.contentsOfDirectory(atPath: fixture("help")) {
            let text = try String(contentsOfFile: fixture("help/\(golden)"), encoding: .utf8)
            // ArgumentParser leaves the folding of its usage lines to the terminal.
            for line in text.split(separator: "\n") where !line.hasPrefix("USAGE: ") {
                #expect(line.count <= 80, "\(golden): \(line)")
            }
        }
    }

    @Test func theVersionIsPrinted() throws {
        let outcome = try liif(["--version"], in: "/tmp")
        #expect(outcome.output.firstMatch(of: /^\d+\.\d+\.\d+(-dev)?\n$/) != nil)
    }
}
