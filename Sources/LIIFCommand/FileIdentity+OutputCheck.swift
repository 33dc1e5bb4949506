import ArgumentParser
import Files

extension FileIdentity {
    /// Refuses an output that is the input, whatever their names.
    static func check(output: String, isNot input: String) throws {
        guard isSame(output, input) else { return }
        throw ValidationError(UpscaleError.outputIsInput(output: output, input: output).description)
    }
}
