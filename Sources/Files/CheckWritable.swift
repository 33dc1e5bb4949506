#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Refuses a file that may not be written to, or a folder that files may not be put into: what permissions and a read-only file
/// system say, of which root heeds the latter only.
/// - Throws: `UnwritableFile`, also where nothing has that name.
package func checkWritable(_ path: String) throws(UnwritableFile) {
    // Into a folder that may be written to but not entered nothing can be put.
    let mode = PathName.isFolder(path) ? W_OK | X_OK : W_OK
    guard access(path, mode) == 0 else { throw UnwritableFile(path: path, code: errno) }
}
