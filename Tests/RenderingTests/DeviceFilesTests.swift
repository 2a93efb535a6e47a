import Rendering
import TestSupport
import Testing

@Suite struct DeviceFilesTests {
    @Test(arguments: [([], false), (["null", "dri/card0"], false), (["dri/renderD128"], true), (["nvidiactl"], true), (["dxg"], true)])
    func aGPUHasAFile(files: [String], isThere: Bool) throws {
        let folder = try TemporaryFolder()
        for file in files { try folder.write("", file) }
        #expect(DeviceFiles.mayHaveGPU(in: folder.path) == isThere)
    }
}
