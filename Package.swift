// swift-tools-version:6.1
import PackageDescription

let package = Package(
    name: "burns",
    products: [
        .executable(name: "burns", targets: ["burns"]),
        .library(name: "BurnsRendering", targets: ["Rendering"]),
        .library(name: "BurnsImport", targets: ["ProjectImport"]),
        .library(name: "BurnsStore", targets: ["Library", "ObjectStore"]),
    ],
    traits: [
        .trait(name: "Vulkan", description: "Frames on the GPU. Needs Vulkan's headers and glslc to build, and nothing to start."),
        .default(enabledTraits: ["Vulkan"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        // C libraries. Each holds a module map and a shim for what Swift cannot see.
        .systemLibrary(name: "CFFmpeg", pkgConfig: "libavformat",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswscale-dev", "libswresample-dev"])]),
        .systemLibrary(name: "CLCMS2", pkgConfig: "lcms2", providers: [.apt(["liblcms2-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        // Headers alone: the loader is opened at run time.
        .systemLibrary(name: "CVulkan", providers: [.apt(["libvulkan-dev"])]),
        .target(name: "CProcessor"),
        .target(name: "CKernels", dependencies: ["CProcessor"]),
        .target(name: "CChecksum", dependencies: ["CProcessor"]),
        .target(name: "CSystem"),

        // Values.
        .target(name: "JSON", dependencies: ["CJansson"]),
        .target(name: "XML", dependencies: ["CXML2"]),
        .target(name: "Timeline", dependencies: ["JSON"]),

        .target(name: "Files"),
        .target(name: "Threads"),

        // Engine.
        .target(name: "Resampling", dependencies: ["CKernels", "CProcessor"]),
        .target(name: "ResamplingCPU", dependencies: ["Resampling", "CKernels"]),
        .target(name: "ResamplingVulkan", dependencies: ["Resampling", "CVulkan"], plugins: ["CompileShaders"]),
        .plugin(name: "CompileShaders", capability: .buildTool()),
        .target(name: "Media", dependencies: ["Resampling", "CFFmpeg", "CLCMS2", "CKernels"]),
        // Network.
        .target(name: "Digest", dependencies: ["CCrypto", "CChecksum"]),
        .target(name: "HTTP", dependencies: ["CCurl", "Threads"]),
        .target(name: "AWS", dependencies: ["HTTP", "Digest", "JSON", "XML", "Files", "CSystem"]),
        .target(name: "ObjectStore", dependencies: ["AWS", "HTTP", "Digest", "XML", "Files", "CSystem"]),
        .target(name: "Library", dependencies: ["ObjectStore", "AWS", "HTTP", "XML", "Timeline", "JSON", "Digest", "Files"]),
        .target(name: "ProjectImport",
            dependencies: ["Timeline", "Media", "ObjectStore", "HTTP", "AWS", "JSON", "Digest", "Files", "CSystem"]),
        .target(name: "Rendering",
            dependencies: [
                "Timeline", "Resampling", "ResamplingCPU", .target(name: "ResamplingVulkan", condition: .when(traits: ["Vulkan"])),
                "Media", "ObjectStore", "Library", "JSON", "Digest", "Files", "Threads",
            ]),
        // `burns bench`.
        .target(name: "MachineBenchmark",
            dependencies: [
                "Rendering", "Timeline", "Resampling", "ResamplingCPU",
                .target(name: "ResamplingVulkan", condition: .when(traits: ["Vulkan"])), "Media", "JSON", "XML", "Digest", "Files",
            ]),
        .executableTarget(name: "burns",
            dependencies: [
                "Rendering", "MachineBenchmark", "ProjectImport", "Library", "ObjectStore", "AWS", "Timeline", "Media", "CSystem",
                "Resampling", "ResamplingCPU", "Files", "JSON",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "burns-smoothness",
            dependencies: ["JSON", "BenchmarkSupport", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Benchmarks/Smoothness"),
        .executableTarget(name: "burns-measure",
            dependencies: [
                "Rendering", "MachineBenchmark", "Timeline", "Media", "Resampling", "ResamplingCPU", "Files", "JSON",
                "BenchmarkSupport", "TestSupport", "CFFmpeg", "CZimg", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/Measure"),
        .target(name: "BenchmarkSupport", path: "Benchmarks/Support"),
        .systemLibrary(name: "CZimg", path: "Benchmarks/CZimg", pkgConfig: "zimg", providers: [.apt(["libzimg-dev"])]),

        .target(name: "TestSupport", path: "Tests/TestSupport", exclude: ["Servers"]),
        .testTarget(name: "TimelineTests", dependencies: ["Timeline", "JSON", "TestSupport"]),
        .testTarget(name: "ResamplingTests",
            dependencies: [
                "Resampling", "ResamplingCPU", .target(name: "ResamplingVulkan", condition: .when(traits: ["Vulkan"])), "TestSupport",
            ]),
        .testTarget(name: "MediaTests", dependencies: ["Media", "Resampling", "CFFmpeg", "CLCMS2", "TestSupport"]),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "TestSupport"]),
        .testTarget(name: "AWSTests", dependencies: ["AWS", "ObjectStore", "HTTP", "Digest", "XML", "JSON", "CChecksum", "TestSupport"],
            exclude: ["Resources"]),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
        .testTarget(name: "ObjectStoreTests",
            dependencies: ["ObjectStore", "Library", "AWS", "HTTP", "Digest", "Files", "TestSupport", "transfer-probe"]),
        // What tests kill in mid-transfer.
        .executableTarget(name: "transfer-probe", dependencies: ["ObjectStore", "AWS", "HTTP"], path: "Tests/TransferProbe"),
        .testTarget(name: "ImportTests",
            dependencies: [
                "ProjectImport", "Rendering", "ObjectStore", "AWS", "HTTP", "Media", "Timeline", "JSON", "TestSupport", "burns",
            ]),
        .testTarget(name: "RenderingTests",
            dependencies: [
                "Rendering", "Library", "Files", "JSON", "Timeline", "Resampling", "ResamplingCPU",
                .target(name: "ResamplingVulkan", condition: .when(traits: ["Vulkan"])), "Media", "Digest", "Threads", "TestSupport",
            ]),
        .testTarget(name: "MachineBenchmarkTests",
            dependencies: ["MachineBenchmark", "Rendering", "Resampling", "ResamplingCPU", "Timeline", "JSON", "TestSupport"]),
        // End to end: runs the built binary, which is why it depends on it.
        .testTarget(name: "CommandLineTests", dependencies: ["burns", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
