import HTTP

/// Names of regions, and where services are in them.
public enum Region {
    /// Endpoints of AWS other than the usual ones.
    public struct Variant: Hashable, Sendable {
        /// Of validated cryptography (`AWS_USE_FIPS_ENDPOINT`).
        public var isFIPS = false
        /// With IPv6 beside IPv4 (`AWS_USE_DUALSTACK_ENDPOINT`).
        public var isDualStack = false
        /// Of S3, at the edge of AWS's network that is nearest (`use_accelerate_endpoint`).
        public var isAccelerated = false

        public init(isFIPS: Bool = false, isDualStack: Bool = false, isAccelerated: Bool = false) {
            (self.isFIPS, self.isDualStack, self.isAccelerated) = (isFIPS, isDualStack, isAccelerated)
        }
    }

    /// Where AWS has a service: "https://sts.eu-central-1.amazonaws.com".
    /// - Source: botocore's endpoint rules of s3, sts and sso.
    public static func address(of service: String, in region: String, _ variant: Variant = Variant()) -> HTTPAddress {
        // STS in GovCloud is such an endpoint without saying so, but for the one with IPv6.
        let isFIPS = variant.isFIPS && !(service == "sts" && region.hasPrefix("us-gov-") && !variant.isDualStack)
        var host = service + (isFIPS ? "-fips" : "")
        if variant.isDualStack, service == "s3" { host += ".dualstack" }
        let ending = variant.isDualStack && service != "s3" ? dualStackSuffix(of: region) : suffix(of: region)
        return HTTPAddress(scheme: "https", host: "\(host).\(region).\(ending)")
    }

    /// Where objects of buckets are that have accelerated transfers switched on, the bucket's name in front; `nil` where there is
    /// no such place.
    public static func acceleratedHost(in region: String, _ variant: Variant) -> String? {
        guard variant.isAccelerated, suffix(of: region) == "amazonaws.com" else { return nil }
        return "s3-accelerate\(variant.isDualStack ? ".dualstack" : "").amazonaws.com"
    }

    /// Whether an address is one of AWS's own, spelled out.
    public static func isOfAWS(_ address: HTTPAddress) -> Bool {
        (suffixes.map(\.domain) + ["amazonaws.com", "api.aws", "api.amazonwebservices.com.cn"])
            .contains { address.host.hasSuffix("." + $0) }
    }

    private static func dualStackSuffix(of region: String) -> String {
        region.hasPrefix("cn-") ? "api.amazonwebservices.com.cn" : "api.aws"
    }

    /// Partitions have domains of their own. Source: botocore's partitions.json.
    private static let suffixes: [(region: String, domain: String)] = [
        ("cn-", "amazonaws.com.cn"), ("us-iso-", "c2s.ic.gov"), ("us-isob-", "sc2s.sgov.gov"),
        ("us-isof-", "csp.hci.ic.gov"), ("eu-isoe-", "cloud.adc-e.uk"), ("eusc-", "amazonaws.eu"),
    ]

    public static func suffix(of region: String) -> String {
        suffixes.first { region.hasPrefix($0.region) }?.domain ?? "amazonaws.com"
    }

    /// The region that a name means which is none: "fips-us-gov-west-1", "us-east-1-fips", "aws-global".
    /// - Source: botocore's `client._normalize_fips_region`, and its endpoint rules of s3.
    static func resolved(_ name: String) -> (region: String, isFIPS: Bool) {
        var region = name[...]
        if region.hasPrefix("fips-") { region = region.dropFirst(5) }
        if region.hasSuffix("-fips") { region = region.dropLast(5) }
        return (region == "aws-global" ? "us-east-1" : String(region), region.count < name.count)
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
