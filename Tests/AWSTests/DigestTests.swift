import CChecksum
import Digest
import TestSupport
import Testing

@Suite struct DigestTests {
    /// RFC 4231: cases 1, 2, 6; and an empty key and message.
    private static let codes: [(key: [UInt8], message: String, code: String)] = [
        (Array(repeating: 0x0b, count: 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (Array("Jefe".utf8), "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (
            Array(repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ]

    @Test(arguments: codes)
    func `HMAC with SHA-256`(key: [UInt8], message: String, code: String) {
        #expect(Hexadecimal.encode(HMACSHA256.code(for: message, key: key)) == code)
    }

    @Test func `The other digests`() {
        #expect(Hexadecimal.encode(MD5.digest(of: Array("message digest".utf8))) == "f96b697d7cb7938d525a2f31aaf161d0")
        #expect(Hexadecimal.encode(MD5.digest(of: [])) == "d41d8cd98f00b204e9800998ecf8427e")
        #expect(Hexadecimal.encode(SHA1.digest(of: Array("abc".utf8))) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(SHA256.hexadecimal(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
        ("\u{3ff}?~", "z78/fg=="),
    ])
    func `Base 64`(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
    }

    /// RFC 3720, appendix B.4, and the check value of the catalogues.
    private static let sums: [(bytes: [UInt8], value: UInt32)] = [
        (Array(repeating: 0, count: 32), 0x8A91_36AA), (Array(repeating: 0xFF, count: 32), 0x62A8_AB43),
        (Array(0..<32), 0x46DD_794E), (Array((0..<32).reversed()), 0x113F_DB5C), (Array("123456789".utf8), 0xE306_9283), ([], 0),
    ]

    @Test(arguments: sums)
    func `CRC-32C`(bytes: [UInt8], value: UInt32) {
        var sum = CRC32C()
        sum.update(bytes)
        #expect(sum.value == value)
        #expect(burns_crc32c_tables(0, bytes, bytes.count) == value)
        #expect(sum.bytes == withUnsafeBytes(of: value.bigEndian, Array.init))
    }

    @Test func `CRC-32C by instruction, by tables, in pieces and joined is one`() {
        var random = SeededGenerator(seed: 1)
        for turn in 0..<300 {
            let most = turn % 10 == 0 ? 100_000 : 200
            let bytes = (0..<Int.random(in: 0...most, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            let offset = Int.random(in: 0...bytes.count, using: &random)
            let expected = burns_crc32c_tables(0, bytes, bytes.count)
            var (whole, pieces, first, second) = (CRC32C(), CRC32C(), CRC32C(), CRC32C())
            whole.update(bytes)
            bytes.withUnsafeBytes {
                pieces.update(UnsafeRawBufferPointer(rebasing: $0[..<offset]))
                pieces.update(UnsafeRawBufferPointer(rebasing: $0[offset...]))
                first.update(UnsafeRawBufferPointer(rebasing: $0[..<offset]))
                second.update(UnsafeRawBufferPointer(rebasing: $0[offset...]))
            }
            first.append(second, byteCount: bytes.count - offset)
            #expect([whole.value, pieces.value, first.value] == [expected, expected, expected])
        }
    }

    /// Three stretches of 5 KiB are summed side by side: lengths around once and twice that, at every place in a word.
    @Test(arguments: [15_359, 15_360, 15_361, 30_719, 30_720, 30_727])
    func `CRC-32C where stretches end`(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count + 8, alignment: 8)
        defer { memory.deallocate() }
        for index in memory.indices { memory[index] = UInt8.random(in: .min ... .max, using: &random) }
        for place in 0..<8 {
            let bytes = UnsafeRawBufferPointer(rebasing: memory[place..<place + count])
            var sum = CRC32C()
            sum.update(bytes)
            #expect(sum.value == burns_crc32c_tables(0, bytes.baseAddress, count), "at \(place)")
        }
    }
}
