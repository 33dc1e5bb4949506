/// The program's version, for `--version`, the Debian package and the provenance of pictures.
enum Version {
    /// What CHANGELOG.md's unreleased changes will be; `-dev` on the way to it.
    static let number = "0.2.0-dev"
    static let program = "liif \(number)"
}
