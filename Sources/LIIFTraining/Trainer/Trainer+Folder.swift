import Foundation

extension Trainer {
    /// Whether a folder holds a checkpoint to go on from.
    /// - Throws: `TrainerError.folderInUse` where a run, or what is left of one, would be overwritten without `resume`;
    ///   `.noCheckpoint` where a finished model would be with it.
    static func hasCheckpoint(in folder: String, resume: Bool) throws -> Bool {
        func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }
        let log = try? FileManager.default.attributesOfItem(atPath: "\(folder)/log.jsonl")
        let hasLog = (log?[.size] as? UInt64 ?? 0) > 0
        let (hasLast, hasModel) = (has("last.safetensors"), has("model.safetensors"))
        guard resume || !(hasLast || hasModel || hasLog || has("best.safetensors")) else {
            throw TrainerError.folderInUse(folder)
        }
        guard hasLast || !hasModel else { throw TrainerError.noCheckpoint(folder) }
        return hasLast
    }
}
