/// Splits text into words as a POSIX shell does, with quotes and backslashes; nothing else is special.
/// - Source: Python's `shlex.split`, by which the AWS CLI reads names of profiles and `credential_process`.
enum ShellWords {
    /// `nil` where a quote is not closed or a backslash comes last.
    static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String.UnicodeScalarView?
        var quote: Unicode.Scalar?
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            if quote == "'" {
                if scalar == "'" { quote = nil } else { word?.append(scalar) }
            } else if quote == "\"" {
                if scalar == "\"" {
                    quote = nil
                } else if scalar == "\\" {
                    guard let next = scalars.next() else { return nil }
                    if next != "\"" && next != "\\" { word?.append("\\") }
                    word?.append(next)
                } else {
                    word?.append(scalar)
                }
            } else if scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n" {
                if let done = word { words.append(String(done)) }
                word = nil
            } else {
                word = word ?? "".unicodeScalars
                if scalar == "'" || scalar == "\"" {
                    quote = scalar
                } else if scalar == "\\" {
                    guard let next = scalars.next() else { return nil }
                    word?.append(next)
                } else {
                    word?.append(scalar)
                }
            }
        }
        if let done = word { words.append(String(done)) }
        return quote == nil ? words : nil
    }
}
