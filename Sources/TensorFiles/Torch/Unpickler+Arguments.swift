/// Reading the bytes that follow an instruction. Lengths are checked before anything is allocated.
extension Unpickler {
    mutating func readByte() throws -> UInt8 {
        guard position < bytes.count else { throw failure("the pickle ends too early") }
        position += 1
        return bytes[position - 1]
    }

    mutating func readBytes(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - position else {
            throw failure("\(count) bytes are announced, but \(bytes.count - position) are left")
        }
        position += count
        return bytes[position - count..<position]
    }

    /// Little-endian; 8 bytes that do not fit an `Int` become a negative number, which no length accepts.
    mutating func readUnsigned(_ count: Int) throws -> Int {
        Int(truncatingIfNeeded: try readBytes(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// A two's complement integer of any length whose value fits 64 bits.
    mutating func readLong(length: Int) throws -> Int {
        let digits = try readBytes(length)
        guard let last = digits.last else { return 0 }
        let sign: UInt64 = last & 0x80 == 0 ? 0 : .max
        let low = digits.prefix(8).reversed().reduce(sign) { $0 << 8 | UInt64($1) }
        let value = Int(truncatingIfNeeded: low)
        guard digits.dropFirst(8).allSatisfy({ $0 == UInt8(truncatingIfNeeded: sign) }),
            (value < 0) == (sign != 0)
        else { throw failure("an integer of \(length) bytes does not fit 64 bits") }
        return value
    }

    /// Big-endian, unlike every other number in a pickle.
    mutating func readFloat() throws -> Double {
        Double(bitPattern: try readBytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    mutating func readString(length: Int) throws -> String {
        guard let string = String(validating: try readBytes(length), as: UTF8.self) else {
            throw failure("a string is not UTF-8")
        }
        return string
    }

    /// Text up to a line feed, such as a module's name.
    mutating func readLine() throws -> String {
        let limit = min(bytes.count, position + 1000)
        guard let end = bytes[position..<limit].firstIndex(of: 0x0A) else {
            throw failure("the name of a global does not end")
        }
        let line = try readString(length: end - position)
        position += 1
        return line
    }
}
