extension StaticString {
    /// As C wants it; lives for ever.
    var cString: UnsafePointer<CChar> { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}

/// Calls `body` with strings as C wants them: an array of pointers, and their number.
func withNames<R, E: Error>(
    _ names: [StaticString], _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UInt32) throws(E) -> R
) throws(E) -> R {
    let pointers = names.map { UnsafePointer<CChar>?($0.cString) }
    return try pointers.withUnsafeBufferPointer { (buffer) throws(E) in try body(buffer.baseAddress, UInt32(buffer.count)) }
}
