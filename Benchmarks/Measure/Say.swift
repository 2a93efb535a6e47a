import Foundation

/// Prints a line; unlike `print`, at once, also into a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
