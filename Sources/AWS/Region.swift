import HTTP

/// Names of regions, and where services are in them.
public enum Region {
    /// Where AWS has a service: "https://sts.eu-central-1.amazonaws.com".
    public static func address(of service: String, in region: String) -> HTTPAddress {
        HTTPAddress(scheme: "https", host: "\(service).\(region).\(suffix(of: region))")
    }

    /// Partitions have domains of their own. Source: botocore's partitions.json.
    public static func suffix(of region: String) -> String {
        let suffixes = [
            ("cn-", "amazonaws.com.cn"), ("us-iso-", "c2s.ic.gov"), ("us-isob-", "sc2s.sgov.gov"), ("us-isof-", "csp.hci.ic.gov"),
            ("eu-isoe-", "cloud.adc-e.uk"), ("eusc-", "amazonaws.eu"),
        ]
        return suffixes.first { region.hasPrefix($0.0) }?.1 ?? "amazonaws.com"
    }

    /// The name, if it can be one: it becomes a part of host names, to which requests go.
    public static func validated(_ name: String) -> String? {
        let isLabel = 1...63 ~= name.utf8.count && !name.hasPrefix("-") && !name.hasSuffix("-") && name.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "-")
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
