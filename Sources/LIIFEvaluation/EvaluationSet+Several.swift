import Foundation

extension EvaluationSet {
    /// Opens several sets. Each has its folder's name; folders of one name are told apart by those before them, such as
    /// `Set5/HR` and `Set14/HR`.
    ///
    /// - Throws: `EvaluationError.givenTwice`, or what opening one throws.
    public static func open(_ paths: [String], style: Style, firstCount: Int? = nil) throws -> [EvaluationSet]
    {
        let names = distinctNames(
            paths.map { URL(fileURLWithPath: $0).standardizedFileURL.path.split(separator: "/") })
        return try zip(paths, names).map { path, name in
            guard let name else { throw EvaluationError.givenTwice(path) }
            return try EvaluationSet(
                path: path, name: name.isEmpty ? nil : name, style: style, firstCount: firstCount)
        }
    }
}
