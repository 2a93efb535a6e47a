import Glibc

/// Where systems keep the certificates of the authorities that they trust.
///
/// curl looks where the system that it was built for has them; a program that is carried to another looks for itself.
///
/// - Source: crypto/x509 of Go, `root_linux.go`.
public enum SystemAuthorities {
    public static let places = [
        "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Arch, Gentoo, NixOS
        "/etc/pki/tls/certs/ca-bundle.crt",  // Fedora, Red Hat, Amazon Linux
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // the same, newer
        "/etc/ssl/ca-bundle.pem",  // SUSE
        "/etc/pki/tls/cacert.pem",  // OpenELEC
        "/etc/ssl/cert.pem",  // Alpine
    ]

    private static let variable = "SSL_CERT_FILE"

    /// What the environment names, there or not; otherwise the first place that can be read.
    static func find(in places: [String]) -> String? {
        if let named = getenv(variable), named.pointee != 0 { return String(cString: named) }
        return places.first { access($0, R_OK) == 0 }
    }

    static func noneFound(for host: String, in places: [String]) -> String {
        "the certificate of \(host) cannot be checked, as this system has no authorities to trust: install its package "
            + "ca-certificates, or name a PEM file in \(variable) (looked for \(places.joined(separator: ", ")))"
    }
}
