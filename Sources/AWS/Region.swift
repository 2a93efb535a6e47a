import HTTP

/// Names of regions, and where services are in them.
public enum Region {
    /// Endpoints of AWS other than the usual ones.
    public struct Variant: Hashable, Sendable {
        /// Of validated cryptography (`AWS_USE_FIPS_ENDPOINT`).
        public var isFIPS = false
        /// With IPv6 beside IPv4 (`AWS_USE_DUALSTACK_ENDPOINT`).
        public var isDualStack = false

        public init(isFIPS: Bool = false, isDualStack: Bool = false) {
            (self.isFIPS, self.isDualStack) = (isFIPS, isDualStack)
        }
    }

    /// Where AWS has a service: "https://sts.eu-central-1.amazonaws.com".
    /// - Source: botocore's endpoint rules of s3, sts and sso.
    public static func address(of service: String, in region: String, _ variant: Variant = Variant()) -> HTTPAddress {
        // STS in GovCloud is such an endpoint without saying so.
        let isFIPS = variant.isFIPS && !(service == "sts" && region.hasPrefix("us-gov-"))
        var host = service + (isFIPS ? "-fips" : "")
        if variant.isDualStack, service == "s3" { host += ".dualstack" }
        let ending = variant.isDualStack && service != "s3" ? dualStackSuffix(of: region) : suffix(of: region)
        return HTTPAddress(scheme: "https", host: "\(host).\(region).\(ending)")
    }

    private static func dualStackSuffix(of region: String) -> String {
        region.hasPrefix("cn-") ? "api.amazonwebservices.com.cn" : "api.aws"
    }

    /// Partitions have domains of their own. Source: botocore's partitions.json.
    public static func suffix(of region: String) -> String {
        let suffixes = [
            ("cn-", "amazonaws.com.cn"), ("us-iso-", "c2s.ic.gov"), ("us-isob-", "sc2s.sgov.gov"), ("us-isof-", "csp.hci.ic.gov"),
            ("eu-isoe-", "cloud.adc-e.uk"), ("eusc-", "amazonaws.eu"),
        ]
        return suffixes.first { region.hasPrefix($0.0) }?.1 ?? "amazonaws.com"
    }

    /// The name, if it can be one: it becomes a part of host names, to which requests go. Other servers have names with capitals
    /// ("RegionOne").
    public static func validated(_ name: String) -> String? {
        let isLabel = 1...63 ~= name.utf8.count && !name.hasPrefix("-") && !name.hasSuffix("-") && name.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                || $0 == UInt8(ascii: "-")
        }
        return isLabel ? name : nil
    }

    static func check(_ name: String, setting: String) throws(AWSError) -> String {
        guard let name = validated(name) else {
            throw AWSError(.configuration, "\(setting) is \"\(name)\", which is not the name of a region, such as eu-central-1")
        }
        return name
    }
}
