import AWS
import HTTP

/// Where a bucket is, and how it is named in addresses.
package struct S3Endpoint: Hashable, Sendable {
    let bucket: String
    /// The bucket's, as far as is known.
    private(set) var region: String
    /// `nil`: AWS.
    let custom: HTTPAddress?
    private let variant: Region.Variant
    private let isVirtual: Bool

    package init(
        bucket: String, region: String, custom: HTTPAddress?, style: AWSConfiguration.AddressingStyle,
        variant: Region.Variant = Region.Variant()
    ) {
        (self.bucket, self.region, self.custom, self.variant) = (bucket, region, custom, variant)
        isVirtual = switch style {
        case .path: false
        case .virtual: true
        // A certificate for *.s3.… does not cover names with dots.
        case .auto: custom == nil && !bucket.contains(".")
        }
    }

    /// Also by an address of AWS's that was spelled out.
    var isAWS: Bool { custom.map(Region.isOfAWS) ?? true }

    /// Within which buckets have names of their own: an endpoint, or one of AWS's partitions.
    var server: String { custom?.origin ?? Region.suffix(of: region) }

    /// Of objects alone, and of no bucket with dots: buckets themselves are made and looked at where they are.
    private var acceleratedHost: String? {
        custom == nil && !bucket.contains(".") ? Region.acceleratedHost(in: region, variant) : nil
    }

    package func moved(to region: String) -> S3Endpoint {
        var moved = self
        moved.region = region
        return moved
    }

    /// - Parameter key: whole, with the store's prefix; `nil`: the bucket itself.
    package func address(_ key: String?, query: [(name: String, value: String)]) -> HTTPAddress {
        var address = custom ?? Region.address(of: "s3", in: region, variant)
        var (path, isVirtual) = (address.path.hasSuffix("/") ? String(address.path.dropLast()) : address.path, isVirtual)
        if let host = acceleratedHost, key != nil { (address.host, isVirtual) = (host, true) }
        if isVirtual { address.host = "\(bucket).\(address.host)" } else { path += "/\(bucket)" }
        if let key { path += "/" + PercentEncoding.encodeKey(key) } else if isVirtual { path += "/" }
        address.path = path
        address.query = query.isEmpty ? nil : PercentEncoding.query(query)
        return address
    }
}
