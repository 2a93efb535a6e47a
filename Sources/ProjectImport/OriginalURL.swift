import Digest
import HTTP

/// Where a picture came from, in a form that may be kept and shown, and what tells it from others.
///
/// URLs carry what lets somebody in: signatures, tokens, keys. `text` is the URL without them, without fragment, and without a
/// user (with which it is no address at all). What was taken out still tells two pictures apart, by a digest; except for the
/// known kinds of signatures, which are others each time while the picture is the same.
public struct OriginalURL: Hashable, Sendable {
    /// With everything: for the wire only.
    let address: HTTPAddress
    /// Without secrets.
    public let text: String
    /// Of what `text`, as kept with an object, does not say; `nil`: it says everything.
    package let digest: String?

    /// - Throws: `HTTPAddressError` for what cannot be fetched.
    public init(_ url: String) throws(HTTPAddressError) {
        address = try HTTPAddress(parsing: url)
        let parameters = (address.query ?? "").utf8.split { "&;".utf8.contains($0) }.map { Parameter(Substring($0)) }
        let isSigned = parameters.contains { OriginalURL.signatures.contains($0.name) }
        var kept: [Substring] = []
        var hidden: [Substring] = []
        for parameter in parameters where !(isSigned && parameter.belongsToSignature) {
            if parameter.mayBeSecret { hidden.append(parameter.text) } else { kept.append(parameter.text) }
        }
        text = address.withoutQuery + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
        let isWhole = hidden.isEmpty && text.utf8.count <= OriginalURL.metadataBytes
        let all = "\(text)\n\(hidden.joined(separator: "&"))"
        digest = isWhole ? nil : String(SHA256.hexadecimal(of: Array(all.utf8)).prefix(32))
    }

    /// As kept with an object, whose metadata have 2 KB in all.
    package var metadataText: String { text.utf8Prefix(OriginalURL.metadataBytes) }

    private static let metadataBytes = 900

    /// Whose presence makes a URL a presigned one.
    private static let signatures: Set<String> = [
        "x-amz-signature", "x-goog-signature", "x-oss-signature", "x-cos-signature", "signature", "sig",
    ]

    private struct Parameter {
        let text: Substring
        let name: String
        private let value: Substring

        init(_ text: Substring) {
            self.text = text
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            name = parts[0].lowercased()
            value = parts.count > 1 ? parts[1] : ""
        }

        /// What AWS, Google, Alibaba, Tencent, CloudFront and Azure put into presigned URLs.
        var belongsToSignature: Bool {
            ["x-amz-", "x-goog-", "x-oss-", "x-cos-"].contains { name.hasPrefix($0) } || Parameter.ofSignatures.contains(name)
        }

        private static let ofSignatures: Set<String> = [
            "signature", "sig", "expires", "policy", "key-pair-id", "awsaccesskeyid", "googleaccessid", "ossaccesskeyid",
            "sv", "ss", "srt", "sp", "se", "st", "spr", "sr", "skoid", "sktid", "skt", "ske", "sks", "skv",
        ]

        /// By its name; or because its value looks drawn by lot. Too much hidden costs nothing: the digest knows it.
        var mayBeSecret: Bool {
            let words = [
                "token", "secret", "pass", "pwd", "auth", "credential", "key", "session", "jwt", "sig", "hmac", "user", "login",
                "email", "ticket", "hdnea", "hdnts", "otp",
            ]
            return name.contains("%") || ["s", "code", "hash", "oh", "hm", "pw", "pin"].contains(name)
                || words.contains { name.contains($0) } || value.lowercased().contains("hmac=") || looksRandom
        }

        private var looksRandom: Bool {
            let digits = value.utf8.count { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            let isDense = value.utf8.allSatisfy { byte in
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                    || "-_%+/=~*".utf8.contains(byte)
            }
            // Words have no more than a few letters between what parts them.
            let longest = value.utf8.split { "-_%+/=~*".utf8.contains($0) }.map(\.count).max() ?? 0
            return value.utf8.count >= 20 && isDense && digits < value.utf8.count && (digits > 1 || longest >= 20)
        }
    }
}

extension StringProtocol {
    /// As many whole characters as fit into so many bytes.
    func utf8Prefix(_ count: Int) -> String {
        guard utf8.count > count else { return String(self) }
        var result = ""
        var bytes = 0
        for scalar in unicodeScalars {
            bytes += UTF8.width(scalar)
            if bytes > count { break }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
