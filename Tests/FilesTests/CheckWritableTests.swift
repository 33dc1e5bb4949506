import Files
import Foundation
import TestSupport
import Testing

@Suite struct CheckWritableTests {
    @Test func whatIsWritablePasses() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write([1], to: "\(folder)/file")
            try checkWritable("\(folder)/file")
            try checkWritable(folder)
            #expect(throws: UnwritableFile.self) { try checkWritable("\(folder)/missing") }
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"), arguments: [0o500, 0o600])
    func foldersThatNothingCanBePutInto(permissions: Int) throws {
        try withTemporaryFolder { folder in
            func set(_ permissions: Int) throws {
                try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: folder)
            }
            try set(permissions)
            defer { try? set(0o700) }
            #expect(throws: UnwritableFile(path: folder, code: EACCES)) { try checkWritable(folder) }
        }
    }
}
