import Glibc

/// What the system shows of GPUs without any driver being loaded, which takes time and, where one made of software is among
/// them, tens of megabytes that stay.
package enum DeviceFiles {
    /// Of the kernel's graphics drivers, of NVIDIA's own, of Windows' below Linux, and of phones'.
    private static let patterns = ["dri/renderD*", "nvidia*", "dxg", "kgsl*", "mali*"]

    /// Whether there may be a GPU: it has a file, or the user has named drivers, which may need none.
    ///
    /// - Parameter folder: where the system keeps files of devices.
    package static func mayHaveGPU(in folder: String = "/dev") -> Bool {
        if Environment.value("VK_DRIVER_FILES") != nil || Environment.value("VK_ICD_FILENAMES") != nil { return true }
        return patterns.contains { exists("\(folder)/\($0)") }
    }

    private static func exists(_ pattern: String) -> Bool {
        var found = glob_t()
        defer { globfree(&found) }
        return glob(pattern, GLOB_NOSORT, nil, &found) == 0
    }
}
