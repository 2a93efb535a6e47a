import CVulkan
import Glibc

/// The Vulkan loader, found at run time: where there is none, everything else of Burns still runs.
///
/// Never closed: drivers leave threads and handlers behind that outlive their users.
struct VulkanLibrary: @unchecked Sendable {  // a pointer to code
    let getInstanceProcAddr: PFN_vkGetInstanceProcAddr

    static let fileName = "libvulkan.so.1"
    /// The loader that a bundle carries for machines whose driver came without one. glibc puts the program's folder in. Not where
    /// the program's own libraries are: it would be found there before the system's, which is the one that fits the driver.
    static let carriedFileName = "$ORIGIN/lib/vulkan/libvulkan.so.1"

    /// - Parameter fileNames: the first that can be opened is taken.
    init(fileNames: [String] = [fileName, carriedFileName]) throws(VulkanError) {
        let library = fileNames.lazy.compactMap { dlopen($0, RTLD_NOW | RTLD_LOCAL) }.first
        guard let library, let symbol = dlsym(library, "vkGetInstanceProcAddr") else {
            throw .environment(
                "there is no Vulkan loader (\(fileNames.first ?? "")); install it (Debian: libvulkan1) and the GPU's driver")
        }
        getInstanceProcAddr = unsafeBitCast(symbol, to: PFN_vkGetInstanceProcAddr.self)
    }

    /// Looks functions up by name, of the loader itself or of an instance.
    func functions(of instance: VkInstance?, _ options: VulkanOptions) -> FunctionLookup {
        FunctionLookup(replace: options.replaceFunction) { name in getInstanceProcAddr(instance, name) }
    }
}

/// Functions by their names in the specification.
struct FunctionLookup {
    private let replace: VulkanOptions.FunctionReplacement?
    private let find: (UnsafePointer<CChar>) -> PFN_vkVoidFunction?

    init(replace: VulkanOptions.FunctionReplacement?, find: @escaping (UnsafePointer<CChar>) -> PFN_vkVoidFunction?) {
        self.replace = replace
        self.find = find
    }

    /// - Parameter F: the function's `PFN_` type.
    func callAsFunction<F>(_ name: StaticString) throws(VulkanError) -> F {
        let found = find(name.cString).map { unsafeBitCast($0, to: UnsafeRawPointer.self) }
        guard let function = replace.map({ $0("\(name)", found) }) ?? found else {
            throw .environment("the Vulkan driver lacks \(name), which every driver of Vulkan 1.2 has; install a newer one")
        }
        return unsafeBitCast(function, to: F.self)
    }
}
