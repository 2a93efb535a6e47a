import CVulkan

/// What a buffer's memory is for.
package enum MemoryUse: Sendable {
    /// The device's own, fast for it.
    case device
    /// Written by the host, once, in order.
    case upload
    /// Written by the device, then read by the host as often as it likes.
    case readback
}

/// A device's heaps and kinds of memory.
package struct MemoryTypes: Sendable {
    struct Heap: Sendable {
        var byteCount: Int
        /// Whether it is the device's own.
        var isLocal: Bool
    }

    package struct Kind: Sendable {
        var heap: Int
        var flags: UInt32

        /// - Parameter flags: `VkMemoryPropertyFlagBits`.
        package init(heap: Int, flags: UInt32) {
            self.heap = heap
            self.flags = flags
        }

        /// What the host writes the device sees, and the other way round, without a flush.
        var isCoherent: Bool { flags & VK_MEMORY_PROPERTY_HOST_COHERENT_BIT.rawValue != 0 }

        /// Whether it is for what Burns does not ask devices for: protected content, attachments, AMD's debugging aid.
        var isSpecial: Bool {
            [
                VK_MEMORY_PROPERTY_PROTECTED_BIT, VK_MEMORY_PROPERTY_LAZILY_ALLOCATED_BIT,
                VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD, VK_MEMORY_PROPERTY_DEVICE_UNCACHED_BIT_AMD,
            ].contains { flags & $0.rawValue != 0 }
        }
    }

    var heaps: [Heap]
    var kinds: [Kind]

    package init(kinds: [Kind]) {
        heaps = []
        self.kinds = kinds
    }

    init(_ properties: VkPhysicalDeviceMemoryProperties) {
        var properties = properties
        heaps = withUnsafeBytes(of: &properties.memoryHeaps) { bytes in
            bytes.bindMemory(to: VkMemoryHeap.self).prefix(Int(properties.memoryHeapCount)).map {
                Heap(byteCount: Int(clamping: $0.size), isLocal: $0.flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT.rawValue != 0)
            }
        }
        kinds = withUnsafeBytes(of: &properties.memoryTypes) { bytes in
            bytes.bindMemory(to: VkMemoryType.self).prefix(Int(properties.memoryTypeCount)).map {
                Kind(heap: Int($0.heapIndex), flags: $0.propertyFlags)
            }
        }
    }

    /// The best kind of memory for a use, of those whose bits are set in `allowed`.
    package func index(for use: MemoryUse, allowed: UInt32) -> Int? {
        let local = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT.rawValue
        let mappable = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT.rawValue
        let coherent = VK_MEMORY_PROPERTY_HOST_COHERENT_BIT.rawValue
        let cached = VK_MEMORY_PROPERTY_HOST_CACHED_BIT.rawValue
        let wishes: [(with: UInt32, without: UInt32)] =
            switch use {
            case .device: [(local, mappable), (local, 0), (0, 0)]
            // Not out of the small window into the device's memory, if there is anything else.
            case .upload: [(mappable | coherent, local), (mappable | coherent, 0)]
            // Uncached memory is read by the host some fifty times slower.
            case .readback:
                [
                    (mappable | cached | coherent, local), (mappable | cached, local), (mappable | cached | coherent, 0),
                    (mappable | cached, 0), (mappable | coherent, 0),
                ]
            }
        for wish in wishes {
            let found = kinds.indices.first { index in
                allowed & (1 << UInt32(index)) != 0 && !kinds[index].isSpecial
                    && kinds[index].flags & wish.with == wish.with && kinds[index].flags & wish.without == 0
            }
            if let found { return found }
        }
        return nil
    }
}
