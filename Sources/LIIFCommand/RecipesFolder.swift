import Files
import Foundation

/// Where this project's recipes are if nobody says.
enum RecipesFolder {
    /// In a checkout, from its top.
    static let local = "Recipes"

    /// Where `Scripts/install-extras` puts them, seen from the program: `/usr/share/liif/Recipes` for `/usr/bin/liif`.
    static var installed: String {
        // The program itself, whatever name it was called by.
        let program =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? Bundle.main.executablePath ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: program).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("share/liif/Recipes").path
    }

    /// The first of them that is there.
    static var existing: String? { [local, installed].first { PathName.isFolder($0) } }

    /// Neither of them is there.
    struct Missing: Error, CustomStringConvertible {
        let description =
            "There are no recipes, neither in \(RecipesFolder.local) here nor in \(RecipesFolder.installed); name this "
            + "project's folder Recipes with --recipes."
    }
}
