import Files
import Foundation

extension Trainer {
    /// Locks a folder for a run.
    /// - Throws: `TrainerError.folderLocked` where another run is going on in it.
    static func lock(_ folder: String) throws -> FolderLock {
        guard let lock = FolderLock(folder) else { throw TrainerError.folderLocked(folder) }
        return lock
    }

    /// - Parameters:
    ///   - checkpoint: What the run goes on from; nil where it begins.
    ///   - former: Samples of an epoch before; nil where it is not known.
    ///   - now: Samples of an epoch.
    static func notes(on checkpoint: String?, former: Int?, now: Int) -> [String] {
        guard let checkpoint, let former, former != now else { return [] }
        return [
            "\(checkpoint): an epoch had \(former) samples and now has \(now); from here on their order is another."
        ]
    }

    /// The checkpoint in a folder to go on from: the last, or where it is missing the best, which is one too and is written
    /// just before it, or the latest that was kept of an epoch. Nil where a run begins.
    /// - Throws: `TrainerError.folderInUse` where a run, or what is left of one, would be overwritten without `resume`;
    ///   `.noCheckpoint` where a finished model would be with it.
    static func checkpoint(in folder: String, resume: Bool) throws -> String? {
        func existing(_ name: String) -> String? {
            let path = "\(folder)/\(name).safetensors"
            return FileManager.default.fileExists(atPath: path) ? path : nil
        }
        let log = try? FileManager.default.attributesOfItem(atPath: "\(folder)/log.jsonl")
        let hasLog = (log?[.size] as? UInt64 ?? 0) > 0
        let checkpoint = existing("last") ?? existing("best") ?? latestEpoch(in: folder)
        let hasModel = existing("model") != nil
        guard resume || !(checkpoint != nil || hasModel || hasLog) else {
            throw TrainerError.folderInUse(folder)
        }
        guard checkpoint != nil || !hasModel else { throw TrainerError.noCheckpoint(folder) }
        return checkpoint
    }

    /// The `epoch-N.safetensors` of the greatest N; nil where there is none.
    private static func latestEpoch(in folder: String) -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let epochs = names.compactMap { name -> (number: Int, name: String)? in
            guard name.hasPrefix("epoch-"), name.hasSuffix(".safetensors") else { return nil }
            return Int(name.dropFirst("epoch-".count).dropLast(".safetensors".count)).map { ($0, name) }
        }
        return epochs.max { $0.number < $1.number }.map { "\(folder)/\($0.name)" }
    }
}
