#if Vulkan
import ResamplingVulkan
import Testing

/// Which memory is taken for what, as a table of machines: kinds of memory as their drivers list them.
@Suite struct MemoryTypesTests {
    // VkMemoryPropertyFlagBits
    private static let local: UInt32 = 1
    private static let visible: UInt32 = 2 | 4  // and coherent
    private static let cached: UInt32 = 8
    private static let incoherent: UInt32 = 2 | 8  // and cached
    private static let lazy: UInt32 = 16
    private static let protected: UInt32 = 32
    private static let amdCoherent: UInt32 = 64

    private static let machines: [(name: String, kinds: [UInt32], device: Int, upload: Int, readback: Int)] = [
        ("NVIDIA", [0, local, visible, visible | cached, local | visible], 1, 2, 3),
        ("AMD", [local, visible, local | visible, visible | cached], 0, 1, 3),
        ("amdvlk", [local | amdCoherent, local, visible | cached | amdCoherent, visible, visible | cached], 1, 3, 4),
        ("Intel, integrated", [local | visible, local | visible | cached], 0, 0, 1),
        ("ARM Mali", [local | visible, local | incoherent, local | lazy, local | protected], 0, 0, 1),
        ("host memory through a coherent link", [local, local | visible | cached, visible | cached], 0, 2, 2),
        ("llvmpipe", [local | visible | cached], 0, 0, 0),
    ]

    @Test(arguments: machines.indices) func theRightKind(of machine: Int) {
        let machine = Self.machines[machine]
        let types = MemoryTypes(kinds: machine.kinds.map { MemoryTypes.Kind(heap: 0, flags: $0) })
        #expect(types.index(for: .device, allowed: .max) == machine.device, "\(machine.name)")
        #expect(types.index(for: .upload, allowed: .max) == machine.upload, "\(machine.name)")
        #expect(types.index(for: .readback, allowed: .max) == machine.readback, "\(machine.name)")
        #expect(types.index(for: .device, allowed: 0) == nil)
    }
}
#endif
