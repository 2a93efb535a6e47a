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

    /// Of every length near the ends of blocks and of steps, and of every number of lanes that are taken and left over.
    @Test(arguments: [1, 8, 16].filter { $0 <= MD5.laneCount })
    func `MD5 side by side`(laneCount: Int) {
        let lengths = Array(0...130) + [65_535, 65_536, 65_537, 131_072 + 55, 131_072 + 56, 200_000]
        for (length, count) in lengths.map({ ($0, 17) }) + (1...40).map({ (1000, $0) }) {
            var random = SeededGenerator(seed: UInt64(length))
            let messages = (0..<count).map { _ in (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) } }
            let digests = MD5.digests(count: count, length: Int64(length), laneCount: laneCount) { message, offset, buffer in
                buffer.copyBytes(from: messages[message][Int(offset)...].prefix(buffer.count))
            }
            #expect(digests == messages.map { MD5.digest(of: $0) }, "\(count) of \(length) bytes")
        }
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
        ("\u{3ff}?~", "z78/fg=="),
    ])
    func `Base 64`(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
    }

    /// Of what is the same for all of them, and in that order.
    private static let contents: [[UInt8]] = [
        [], Array("123456789".utf8), Array(repeating: 0, count: 32), Array(repeating: 0xFF, count: 32), Array(0..<32),
        Array((0..<32).reversed()), Array(repeating: 0, count: 4096), Array(repeating: 0xFF, count: 4096),
        (0..<4096).map { UInt8($0 & 255) }, (0..<4096).map { UInt8(255 - $0 & 255) },
    ]

    /// RFC 3720, appendix B.4; NVM Command Set Specification; the check values of the catalogues ("123456789"); the others by
    /// awscrt 0.38 and zlib.
    private static let sums: [(kind: CRC.Kind, values: [UInt64])] = [
        (.crc32c, [
            0, 0xE306_9283, 0x8A91_36AA, 0x62A8_AB43, 0x46DD_794E, 0x113F_DB5C, 0x98F9_4189, 0x25C1_FE13, 0x9C71_FE32, 0x2149_41A8,
        ]),
        (.crc32, [
            0, 0xCBF4_3926, 0x190A_55AD, 0xFF6C_AB0B, 0x9126_7E8A, 0x9AB0_EF72, 0xC71C_0011, 0xF154_670A, 0xA291_2082, 0x94D9_4799,
        ]),
        (.crc64nvme, [
            0, 0xAE8B_1486_0A79_9888, 0xCF34_7343_4D4E_CF3B, 0xA0A0_6974_C34D_63C4, 0xB9D9_D4A8_492C_BD7F, 0x1711_5A71_2025_F5AF, 0x6482_D367_EB22_B64E,
            0xC0DD_BA73_02EC_A3AC, 0x3E72_9F5F_6750_449C, 0x9A2D_F64B_8E9E_517E,
        ]),
    ]

    @Test(arguments: sums)
    func `Cyclic redundancy checks`(kind: CRC.Kind, values: [UInt64]) {
        for (bytes, value) in zip(DigestTests.contents, values) {
            var sum = CRC(kind)
            sum.update(bytes)
            #expect(sum.value == value, "\(bytes.count) bytes")
            #expect(burns_crc_tables(DigestTests.code(kind), 0, bytes, bytes.count) == value, "\(bytes.count) bytes")
            #expect(sum.bytes == withUnsafeBytes(of: value.bigEndian, Array.init).suffix(kind.byteCount))
        }
    }

    private static func code(_ kind: CRC.Kind) -> burns_crc_kind {
        switch kind {
        case .crc32: burns_crc32
        case .crc32c: burns_crc32c
        case .crc64nvme: burns_crc64nvme
        }
    }

    @Test(arguments: CRC.Kind.allCases)
    func `A CRC by instructions, by tables, in pieces and joined is one`(kind: CRC.Kind) {
        var random = SeededGenerator(seed: 1)
        for turn in 0..<300 {
            let most = turn % 10 == 0 ? 100_000 : 200
            let bytes = (0..<Int.random(in: 0...most, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            let offset = Int.random(in: 0...bytes.count, using: &random)
            let expected = burns_crc_tables(DigestTests.code(kind), 0, bytes, bytes.count)
            var (whole, pieces, first, second) = (CRC(kind), CRC(kind), CRC(kind), CRC(kind))
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

    /// Blocks of 16 and 64 bytes, and three stretches of 680 bytes, are summed side by side: lengths around once and twice that, at
    /// every place in a word.
    @Test(arguments: CRC.Kind.allCases, [63, 64, 65, 79, 80, 81, 127, 128, 129, 2039, 2040, 2041, 4079, 4080, 4087])
    func `A CRC where stretches end`(kind: CRC.Kind, count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count + 8, alignment: 8)
        defer { memory.deallocate() }
        for index in memory.indices { memory[index] = UInt8.random(in: .min ... .max, using: &random) }
        for place in 0..<8 {
            let bytes = UnsafeRawBufferPointer(rebasing: memory[place..<place + count])
            var sum = CRC(kind)
            sum.update(bytes)
            #expect(sum.value == burns_crc_tables(DigestTests.code(kind), 0, bytes.baseAddress, count), "at \(place)")
        }
    }
}
