import CVulkan
import Glibc

/// The Vulkan loader, found at run time: where there is none, everything else of Burns still runs.
///
/// Never closed: drivers leave threads and handlers behind that outlive their users.
struct VulkanLibrary: @unchecked Sendable {  // a pointer to code
    let getInstanceProcAddr: PFN_vkGetInstanceProcAddr

    static let fileName = "libvulkan.so.1"

    init(fileName: String = fileName) throws(VulkanError) {
        guard let library = dlopen(fileName, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(library, "vkGetInstanceProcAddr") else {
            throw .environment("there is no Vulkan loader (\(fileName)); install it (Debian: libvulkan1) and the GPU's driver")
        }
        getInstanceProcAddr = unsafeBitCast(symbol, to: PFN_vkGetInstanceProcAddr.self)
    }

    /// Looks functions up by name, of the loader itself or of an instance.
    func functions(of instance: VkInstance?) -> FunctionLookup {
        FunctionLookup { name in getInstanceProcAddr(instance, name) }
    }
}

/// Functions by their names in the specification.
struct FunctionLookup {
    let find: (UnsafePointer<CChar>) -> PFN_vkVoidFunction?

    /// - Parameter F: the function's `PFN_` type.
    func callAsFunction<F>(_ name: StaticString) throws(VulkanError) -> F {
        guard let function = find(name.cString) else {
            throw .environment("the Vulkan driver lacks \(name), which every driver of Vulkan 1.2 has; install a newer one")
        }
        return unsafeBitCast(unsafeBitCast(function, to: UnsafeRawPointer.self), to: F.self)
    }
}
