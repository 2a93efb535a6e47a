import Foundation
import PackagePlugin

/// Compiles each of `Shaders/*.comp` to SPIR-V and embeds it as a Swift array, named by the file: `frame.comp` is `frameShader`.
///
/// Arrays in the program rather than files beside it: a binary that is copied somewhere else keeps its shaders.
@main
struct CompileShaders: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.package.directoryURL.appending(path: "Shaders")
        let script = context.package.directoryURL.appending(path: "Plugins/CompileShaders/compile.sh")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "comp" }
            .sorted { $0.path < $1.path }
            .map { shader in
                let name = shader.deletingPathExtension().lastPathComponent + "Shader"
                let output = context.pluginWorkDirectoryURL.appending(path: "\(name).swift")
                return .buildCommand(
                    displayName: "Compiling \(shader.lastPathComponent)", executable: URL(filePath: "/bin/sh"),
                    arguments: [script.path, shader.path, name, output.path], inputFiles: [shader, script],
                    outputFiles: [output])
            }
    }
}
