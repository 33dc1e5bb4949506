import Foundation

/// The system's words for why a call of Foundation failed, for the end of a sentence.
package func systemReason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let code = [underlying, error as NSError].compactMap { $0 }.first { $0.domain == NSPOSIXErrorDomain }?
        .code
    return code.map { systemReason(CInt($0)) } ?? error.localizedDescription
}
