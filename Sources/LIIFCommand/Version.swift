/// The program's version, for `--version`, the Debian package and the provenance of pictures.
enum Version {
    /// As in CHANGELOG.md; `-dev` on the way to it.
    static let number = "0.2.0-dev"
    static let program = "liif \(number)"
}
