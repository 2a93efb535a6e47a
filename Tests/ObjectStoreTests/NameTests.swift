import AWS
import HTTP
import ObjectStore
import Testing

/// How stores, buckets and metadata are written.
@Suite struct NameTests {
    @Test(arguments: [
        ("s3://films", StoreLocation.s3(bucket: "films", prefix: "")), ("s3://films/", .s3(bucket: "films", prefix: "")),
        ("s3://my.films-2/a/b", .s3(bucket: "my.films-2", prefix: "a/b/")),
        ("s3://films/a ü//", .s3(bucket: "films", prefix: "a ü//")),
        ("store", .folder("store")), ("/srv/films", .folder("/srv/films")), ("./s3:/x", .folder("./s3:/x")),
    ])
    func `Stores`(text: String, location: StoreLocation) throws { #expect(try StoreLocation(parsing: text) == location) }

    @Test(arguments: [
        "", "s3://", "s3:///key", "s3://ab", "s3://Films", "s3://fi_lms", "s3://-films", "s3://a..b", "https://films",
        "gs://films",
    ])
    func `What is no store`(text: String) { #expect(throws: StoreError.self) { try StoreLocation(parsing: text) } }

    @Test(arguments: [
        ("films", nil, AWSConfiguration.AddressingStyle.auto, "https://films.s3.eu-west-1.amazonaws.com/a%20b"),
        ("my.films", nil, .auto, "https://s3.eu-west-1.amazonaws.com/my.films/a%20b"),
        ("films", nil, .path, "https://s3.eu-west-1.amazonaws.com/films/a%20b"),
        ("films", "http://127.0.0.1:9000", .auto, "http://127.0.0.1:9000/films/a%20b"),
        ("films", "https://storage.example/base/", .auto, "https://storage.example/base/films/a%20b"),
        ("films", "https://storage.example", .virtual, "https://films.storage.example/a%20b"),
    ] as [(String, String?, AWSConfiguration.AddressingStyle, String)])
    func `Addresses`(bucket: String, custom: String?, style: AWSConfiguration.AddressingStyle, address: String) throws {
        let endpoint = S3Endpoint(
            bucket: bucket, region: "eu-west-1", custom: try custom.map { try HTTPAddress(parsing: $0) }, style: style)
        #expect(endpoint.address("a b", query: []).text == address)
        #expect(endpoint.moved(to: "cn-north-1").address("k", query: [("a", "")]).text.hasSuffix("/k?a="))
    }

    @Test(arguments: [
        (Region.Variant(isFIPS: true), "films", "films.s3-fips.us-east-2.amazonaws.com"),
        (Region.Variant(isDualStack: true), "films", "films.s3.dualstack.us-east-2.amazonaws.com"),
        (Region.Variant(isFIPS: true, isDualStack: true), "my.films", "s3-fips.dualstack.us-east-2.amazonaws.com"),
    ])
    func `Addresses of other kinds`(variant: Region.Variant, bucket: String, host: String) throws {
        let endpoint = S3Endpoint(bucket: bucket, region: "us-east-2", custom: nil, style: .auto, variant: variant)
        #expect(endpoint.address("k", query: []).host == host)
        let custom = S3Endpoint(
            bucket: bucket, region: "us-east-2", custom: HTTPAddress(scheme: "https", host: "storage.example"), style: .auto,
            variant: variant)
        #expect(custom.address("k", query: []).host == "storage.example")
    }

    /// Objects alone, and no bucket with dots: those have no such address.
    @Test(arguments: [
        ("films", "us-east-2", false, "films.s3-accelerate.amazonaws.com", "films.s3.us-east-2.amazonaws.com"),
        ("films", "us-east-2", true, "films.s3-accelerate.dualstack.amazonaws.com", "films.s3.dualstack.us-east-2.amazonaws.com"),
        ("my.films", "us-east-2", false, "s3.us-east-2.amazonaws.com", "s3.us-east-2.amazonaws.com"),
        ("films", "cn-north-1", false, "films.s3.cn-north-1.amazonaws.com.cn", "films.s3.cn-north-1.amazonaws.com.cn"),
    ])
    func `Accelerated addresses`(bucket: String, region: String, isDualStack: Bool, object: String, whole: String) {
        let variant = Region.Variant(isDualStack: isDualStack, isAccelerated: true)
        let endpoint = S3Endpoint(bucket: bucket, region: region, custom: nil, style: .auto, variant: variant)
        #expect(endpoint.address("k", query: []).host == object)
        #expect(endpoint.address(nil, query: []).host == whole)
        let path = S3Endpoint(bucket: bucket, region: region, custom: nil, style: .path, variant: variant)
        #expect(path.address("k", query: []).host.hasPrefix(object.contains("accelerate") ? bucket : "s3."))
    }

    @Test func `A server of one's own accelerates nothing`() {
        let endpoint = S3Endpoint(
            bucket: "films", region: "us-east-2", custom: HTTPAddress(scheme: "http", host: "127.0.0.1"), style: .auto,
            variant: Region.Variant(isAccelerated: true))
        #expect(endpoint.address("k", query: []).withoutQuery == "http://127.0.0.1/films/k")
    }

    @Test(arguments: [
        "plain", "", "with = and ?=", "ü", " blanks ", "two  blanks", "漢字🎬", String(repeating: "ü", count: 500),
        "=?UTF-8?B?w7w=?=", "mixed ü and plain",
    ])
    func `Encoded words come back`(text: String) {
        let encoded = EncodedWord.encode(text)
        #expect(encoded.utf8.allSatisfy { 0x20..<0x7F ~= $0 })
        #expect(encoded.split(separator: " ").allSatisfy { $0.utf8.count <= 75 } || encoded == text)
        #expect(EncodedWord.decode(encoded) == text)
    }

    @Test(arguments: [
        ("=?UTF-8?Q?Gr=C3=B6=C3=9Fe_1?=", "Größe 1"), ("=?utf-8?b?w7w=?= =?UTF-8?B?w7w=?=", "üü"),
        ("a =?UTF-8?B?w7w=?= b", "a ü b"),
        ("=?UTF-8?B?w7w=", "=?UTF-8?B?w7w="), ("=?latin1?Q?=FC?=", "=?latin1?Q?=FC?="), ("=?UTF-8?B?***?=", "=?UTF-8?B?***?="),
        ("=?UTF-8?Q?=Z?=", "=?UTF-8?Q?=Z?="), ("=?", "=?"),
    ])
    func `What servers write`(text: String, decoded: String) { #expect(EncodedWord.decode(text) == decoded) }
}
