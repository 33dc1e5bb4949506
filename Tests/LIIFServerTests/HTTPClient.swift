import Foundation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What a server answered, read from a socket: nothing in between mends a request or an answer.
struct Answer {
    var status = 0
    /// By lower-case name.
    var headers: [String: String] = [:]
    var body = Data()

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Sends bytes to a port of this machine.
/// - Returns: The socket, which the caller closes.
func connection(sending request: String, port: Int) throws -> Int32 {
    #if canImport(Darwin)
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    guard descriptor >= 0 else { throw POSIXError(.EIO) }
    var timeout = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    let bytes = Array(request.utf8)
    guard connected == 0, send(descriptor, bytes, bytes.count, 0) == bytes.count else {
        close(descriptor)
        throw POSIXError(connected == 0 ? .EIO : .ECONNREFUSED)
    }
    return descriptor
}

/// Sends bytes to a port of this machine and reads until the server has answered `count` times or closes.
func exchange(_ request: String, port: Int, count: Int = 1) throws -> [Answer] {
    let descriptor = try connection(sending: request, port: port)
    defer { close(descriptor) }
    var received = Data()
    var answers: [Answer] = []
    let isHead = request.hasPrefix("HEAD ")
    var chunk = [UInt8](repeating: 0, count: 65536)
    while answers.count < count {
        if let answer = parse(&received, isHead: isHead) {
            answers.append(answer)
            continue
        }
        let got = recv(descriptor, &chunk, chunk.count, 0)
        guard got > 0 else { break }
        received.append(contentsOf: chunk[..<got])
    }
    return answers
}

private func parse(_ data: inout Data, isHead: Bool) -> Answer? {
    guard let end = data.firstRange(of: Data("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: data[data.startIndex..<end.lowerBound], as: UTF8.self)
        .components(separatedBy: "\r\n")
    var answer = Answer()
    answer.status = Int(lines[0].split(separator: " ")[1]) ?? 0
    for line in lines.dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        answer.headers[parts[0].lowercased()] =
            parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    }
    let hasBody = !isHead && answer.status != 304 && answer.status != 204
    let length = hasBody ? Int(answer.headers["content-length"] ?? "") ?? 0 : 0
    guard data.distance(from: end.upperBound, to: data.endIndex) >= length else { return nil }
    let bodyEnd = data.index(end.upperBound, offsetBy: length)
    answer.body = data.subdata(in: end.upperBound..<bodyEnd)
    data = data.subdata(in: bodyEnd..<data.endIndex)
    return answer
}
