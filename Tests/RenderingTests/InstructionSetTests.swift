import Foundation
import Media
import Rendering
import Resampling
import ResamplingCPU
import TestSupport
import Testing

/// Tests beside these may see a limit, too: what they compare does not depend on it.
@Suite(.serialized) struct InstructionSetTests {
    @Test func aLimitIsForAllKernelsAndOnlyLowers() {
        defer { InstructionSet.limit(to: .avx512) }
        let all = InstructionSet.available
        for (index, level) in InstructionSet.allCases.enumerated() {
            InstructionSet.limit(to: level)
            let expected = all[min(index, all.count - 1)]
            #expect(InstructionSet.best == expected)
            #expect(FrameKernels.best.name == expected.rawValue && PrepareKernels.best.name == expected.rawValue)
            // Who asks for one by name gets it all the same.
            #expect(FrameKernels.available.map(\.name) == all.map(\.rawValue))
            #expect(PrepareKernels.available.map(\.name) == all.map(\.rawValue))
        }
    }

    @Test func decodedPicturesDoNotDependOnIt() throws {
        defer { InstructionSet.limit(to: .avx512) }
        let folder = try TemporaryFolder()
        let frame = FramePool(width: 333, height: 57).frame()
        let planes = frame.planes
        var random = SeededGenerator(seed: 5)
        for (plane, stride, width, height) in [
            (planes.y, planes.yStrideBytes, planes.width, planes.height),
            (planes.cb, planes.cbStrideBytes, planes.chromaWidth, planes.chromaHeight),
            (planes.cr, planes.crStrideBytes, planes.chromaWidth, planes.chromaHeight),
        ] {
            for y in 0..<height { for x in 0..<width { plane[y * stride + x] = .random(in: .min ... .max, using: &random) } }
        }
        try writeJPEG(planes: planes, to: folder.path + "/a.jpg")
        let drawn = bitmap(width: 333, height: 57) { x, y in (UInt8(x & 255), UInt8(y), UInt8((x + y) & 255)) }
        try folder.write(Data(drawn), "b.bmp")
        for name in ["a.jpg", "b.bmp"] {
            func samples(_ level: InstructionSet) throws -> [UInt16] {
                InstructionSet.limit(to: level)
                let picture = try DecodedPicture.decode(path: folder.path + "/" + name)
                var samples = [UInt16](repeating: 0, count: picture.width * picture.height * 4)
                samples.withUnsafeMutableBufferPointer {
                    guard let base = $0.baseAddress else { return }
                    picture.readRows(0, count: picture.height, into: base, strideSamples: picture.width * 4)
                }
                return samples
            }
            let scalar = try samples(.scalar)
            #expect(Set(scalar).count > 100)
            for level in InstructionSet.available.dropFirst() {
                let isSame = try samples(level) == scalar
                #expect(isSame, "\(name), \(level)")
            }
        }
    }
}
