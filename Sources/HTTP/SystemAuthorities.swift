import Glibc

/// Where systems keep the certificates of the authorities that they trust.
///
/// curl looks where the system that it was built for has them; a program that is carried to another looks for itself.
///
/// - Source: crypto/x509 of Go, `root_linux.go`.
public enum SystemAuthorities {
    private static let places = [
        "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Arch, Gentoo, NixOS
        "/etc/pki/tls/certs/ca-bundle.crt",  // Fedora, Red Hat, Amazon Linux
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // the same, newer
        "/etc/ssl/ca-bundle.pem",  // SUSE
        "/etc/pki/tls/cacert.pem",  // OpenELEC
        "/etc/ssl/cert.pem",  // Alpine
    ]

    private static let variable = "SSL_CERT_FILE"

    /// Where to look: what the environment names and nowhere else, or where systems have them.
    public static func files() -> [String] {
        if let named = getenv(variable), named.pointee != 0 { return [String(cString: named)] }
        return places
    }

    /// The first that can be read.
    static func find(in files: [String]) -> String? { files.first { access($0, R_OK) == 0 } }

    static func noneFound(for host: String, in files: [String]) -> String {
        "the certificate of \(host) cannot be checked, as this system has no authorities to trust: install its package "
            + "ca-certificates, or name a PEM file in \(variable) (looked for \(files.joined(separator: ", ")))"
    }
}
