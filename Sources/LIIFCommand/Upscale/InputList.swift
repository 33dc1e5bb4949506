import Files
import Foundation
import PictureFiles

/// A picture to read.
struct InputPicture {
    /// What messages call it.
    var name: String
    /// Where it is read from.
    var path: String
    /// The folder below the one that was named on the command line, `2024/may` for example; empty at its top.
    var subfolder = ""
    /// Whether it comes through the standard input.
    var isStandardInput = false

    /// The name's last component; what templates make a name of.
    var fileName: String {
        isStandardInput || path.hasPrefix("/dev/fd/") ? "stdin" : PathName.fileName(of: name)
    }
}

/// What the arguments stand for: files, folders of pictures, patterns that the shell did not expand, and `-`.
struct InputList {
    private(set) var pictures: [InputPicture] = []
    /// What could not be looked into; the rest goes on.
    private(set) var failures: [(name: String, error: any Error)] = []
    /// What is left out of folders, but for those whose failure names it.
    private(set) var unread = UnreadFiles()
    /// What else is left out: a sentence each.
    private(set) var leftOut: [String] = []
    /// Whether the arguments may stand for more than one picture.
    private(set) var isBatch = false
    /// The names of the pictures by where they lie.
    private var known: [PathKey: String] = [:]
    /// How many were met, those that are taken once among them.
    private var metCount = 0

    /// - Parameters:
    ///   - arguments: As on the command line.
    ///   - isRecursive: Whether folders below folders are searched.
    ///   - excluded: A folder that is not searched: the output's.
    init(_ arguments: [String], isRecursive: Bool, excluding excluded: String) {
        isBatch = arguments.count > 1 || isRecursive
        let excluded = FileIdentity(excluded)
        for argument in arguments {
            if argument == "-" {
                add(InputPicture(name: "standard input", path: "-", isStandardInput: true))
            } else if PathName.isFolder(argument) {
                isBatch = true
                addFolder(argument, isRecursive: isRecursive, excluding: excluded)
            } else if FileIdentity(argument) == nil && argument.contains(where: { "*?[".contains($0) }) {
                isBatch = true
                addMatches(of: argument, isRecursive: isRecursive, excluding: excluded)
            } else {
                add(InputPicture(name: argument, path: argument))
            }
        }
    }

    private mutating func addMatches(of pattern: String, isRecursive: Bool, excluding excluded: FileIdentity?)
    {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else {
            failures.append((pattern, UpscaleError.noMatch(pattern: pattern)))
            return
        }
        var isOfFoldersAlone = true
        for i in 0..<Int(found.gl_pathc) {
            let path = String(cString: found.gl_pathv[i]!)
            if !PathName.isFolder(path) {
                add(InputPicture(name: path, path: path))
            } else if isRecursive {
                addFolder(path, isRecursive: true, excluding: excluded)
            } else {
                continue
            }
            isOfFoldersAlone = false
        }
        if isOfFoldersAlone { failures.append((pattern, UpscaleError.foldersAlone(pattern: pattern))) }
    }

    /// A file that was named already, or that is linked to, is not taken twice.
    private mutating func add(_ picture: InputPicture) {
        metCount += 1
        // Names that are not UTF-8 are told apart by nothing that is left of them.
        if !picture.isStandardInput && !PathName.isLost(picture.path) {
            let key = PathKey(URL(fileURLWithPath: picture.path).resolvingSymlinksInPath().path)
            if let name = known[key] {
                if name != picture.name {
                    leftOut.append("\(picture.name) is left out: it is the same file as \(name).")
                }
                return
            }
            known[key] = picture.name
        }
        pictures.append(picture)
    }

    private mutating func addFolder(_ folder: String, isRecursive: Bool, excluding excluded: FileIdentity?) {
        let (count, others) = (metCount + failures.count, unread)
        unread = UnreadFiles()
        addContents(of: folder, subfolder: "", isRecursive: isRecursive, excluding: excluded)
        if metCount + failures.count == count {
            failures.append((folder, UpscaleError.noPictures(folder: folder, unread: unread.list)))
            unread = others
        } else {
            unread.add(others)
        }
    }

    /// Names in the order of people: `b2` before `b10`. Hidden files and links to folders are left out.
    private mutating func addContents(
        of folder: String, subfolder: String, isRecursive: Bool, excluding excluded: FileIdentity?
    ) {
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            let reason = systemReason(error)
            failures.append((folder, UpscaleError.unreadableFolder(folder: folder, reason: reason)))
            return
        }
        for name in names.sorted(by: {
            $0.compare($1, options: [.numeric, .caseInsensitive]) == .orderedAscending
        })
        where !name.hasPrefix(".") {
            let path = prefix + name
            if isRecursive && PathName.isLost(path) && !PictureFile.isNamed(name) {
                // Perhaps a folder.
                leftOut.append("\(path) is left out: its name is not UTF-8.")
                continue
            }
            if PathName.isFolder(path) {
                guard isRecursive, excluded == nil || FileIdentity(path) != excluded else { continue }
                // It may lead back to where it is.
                if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil {
                    leftOut.append("\(path) is left out: it is a link to a folder.")
                    continue
                }
                addContents(
                    of: path, subfolder: subfolder.isEmpty ? name : subfolder + "/" + name, isRecursive: true,
                    excluding: excluded)
            } else if PictureFile.isNamed(name) {
                add(InputPicture(name: path, path: path, subfolder: subfolder))
            } else {
                unread.add(name)
            }
        }
    }
}
