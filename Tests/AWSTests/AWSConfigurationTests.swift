import AWS
import HTTP
import Testing

@Suite struct AWSConfigurationTests {
    private static let config = """
        [default]
        region = eu-west-1
        endpoint_url = https://default.example/base
        [profile a]
        region = eu-north-1
        services = local
        ca_bundle = ~/ca.pem
        max_attempts = 7
        retry_mode = Adaptive
        request_checksum_calculation = WHEN_REQUIRED
        s3 =
          addressing_style = path
        [profile lost]
        services = nowhere
        [services local]
        s3 =
          endpoint_url = http://localhost:9000
        """

    private func configuration(_ variables: [String: String] = [:], profile: String? = nil) throws -> AWSConfiguration {
        try AWSFixture(variables, config: Self.config).configuration(profile: profile)
    }

    @Test(arguments: [
        ([:], "default", "eu-west-1"), (["AWS_PROFILE": "a"], "a", "eu-north-1"),
        (["AWS_DEFAULT_PROFILE": "a"], "a", "eu-north-1"),
        (["AWS_PROFILE": ""], "default", "eu-west-1"), (["AWS_REGION": "us-east-1"], "default", "us-east-1"),
        (["AWS_DEFAULT_REGION": "us-east-2"], "default", "us-east-2"),
        (["AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-2", "AWS_PROFILE": "a"], "a", "us-east-1"),
        (["AWS_PROFILE": "lost"], "lost", nil),
        (["AWS_CONFIG_FILE": "HOME/none", "AWS_REGION": "cn-north-1"], "default", "cn-north-1"),
        (["AWS_CONFIG_FILE": "~/none"], "default", nil),
    ] as [([String: String], String, String?)])
    func `Profile and region`(variables: [String: String], profile: String, region: String?) throws {
        let configuration = try configuration(variables)
        #expect(configuration.profileName == profile)
        #expect(configuration.region == region)
        #expect(!configuration.isProfileExplicit)
    }

    @Test func `The rest of a profile`() throws {
        let a = try configuration(profile: "a")
        #expect(a.isProfileExplicit)
        #expect(a.addressingStyle == .path)
        #expect(a.requestChecksums == .whenRequired)
        #expect(a.maximumAttempts == 7)
        #expect(a.certificateBundle?.hasPrefix("/") == true)
        #expect(a.certificateBundle?.hasSuffix("/ca.pem") == true)
        for (mode, attempts) in [("legacy", 5), ("standard", 3), ("adaptive", 3)] {
            #expect(try configuration(["AWS_RETRY_MODE": mode]).maximumAttempts == attempts)
            #expect(try configuration(["AWS_RETRY_MODE": mode, "AWS_MAX_ATTEMPTS": "9"]).maximumAttempts == 9)
        }
        let plain = try configuration()
        #expect(plain.addressingStyle == .auto)
        #expect(plain.requestChecksums == nil && plain.responseChecksums == nil)
        #expect(plain.maximumAttempts == nil)
        let environment = try configuration(
            ["AWS_PROFILE": "a", "AWS_MAX_ATTEMPTS": "2", "AWS_CA_BUNDLE": "/x.pem",
                "AWS_REQUEST_CHECKSUM_CALCULATION": "when_supported", "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required"])
        #expect(environment.maximumAttempts == 2)
        #expect(environment.certificateBundle == "/x.pem")
        #expect(environment.requestChecksums == .whenSupported && environment.responseChecksums == .whenRequired)
    }

    @Test(arguments: [
        ([:], "s3", "https://default.example/base"), (["AWS_PROFILE": "a"], "s3", "http://localhost:9000/"),
        (["AWS_PROFILE": "a"], "sts", nil), (["AWS_ENDPOINT_URL": "https://x"], "s3", "https://x/"),
        (["AWS_ENDPOINT_URL": "https://x", "AWS_ENDPOINT_URL_S3": "https://y:8443/z"], "s3", "https://y:8443/z"),
        (["AWS_ENDPOINT_URL": "https://x", "AWS_ENDPOINT_URL_S3": "https://y"], "sts", "https://x/"),
        (["AWS_ENDPOINT_URL_SSO_OIDC": "https://x"], "sso_oidc", "https://x/"),
        (["AWS_ENDPOINT_URL": "https://x", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "True"], "s3", nil),
        (["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"], "s3", nil),
        (["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "no"], "s3", "https://default.example/base"),
        (["AWS_ENDPOINT_URL": "HTTP://[::1]:80"], "s3", "http://[::1]/"),
    ] as [([String: String], String, String?)])
    func `Endpoints`(variables: [String: String], service: String, address: String?) throws {
        let found = try configuration(variables).endpoint(of: service)
        #expect(found.map { "\($0.scheme)://\($0.host)\($0.port.map { ":\($0)" } ?? "")\($0.path)" } == address)
    }

    @Test(arguments: [
        ["AWS_ENDPOINT_URL": "localhost:9000"], ["AWS_ENDPOINT_URL": "ftp://x"], ["AWS_ENDPOINT_URL": "http://"],
        ["AWS_ENDPOINT_URL": "http://u:p@x"], ["AWS_ENDPOINT_URL": "http://x:0"], ["AWS_ENDPOINT_URL": "http://x:66000"],
        ["AWS_ENDPOINT_URL": "http://x y"], ["AWS_ENDPOINT_URL": "http://x\\y"], ["AWS_ENDPOINT_URL": "http://x\ny"],
        ["AWS_ENDPOINT_URL": "http://[::1"], ["AWS_ENDPOINT_URL": "http://ü"], ["AWS_PROFILE": "lost"],
    ])
    func `Endpoints that are wrong`(variables: [String: String]) throws {
        let configuration = try configuration(variables)
        let error = #expect(throws: AWSError.self) { try configuration.endpoint(of: "s3") }
        #expect(error?.kind == .configuration)
        let text = error?.description ?? ""
        #expect(text.contains("AWS_ENDPOINT_URL") || text.contains("[services nowhere]"))
        #expect(!text.contains("u:p"))
    }

    @Test(arguments: [
        (["AWS_PROFILE": "b"], "there is no profile \"b\", which AWS_PROFILE names"),
        (["AWS_REGION": "evil.com/"], "AWS_REGION is \"evil.com/\", which is not the name of a region"),
        (["AWS_REGION": "Frank furt"], "AWS_REGION is \"Frank furt\""), (["AWS_REGION": "-x"], "AWS_REGION is \"-x\""),
        (["AWS_MAX_ATTEMPTS": "0"], "AWS_MAX_ATTEMPTS is \"0\""), (["AWS_MAX_ATTEMPTS": "many"], "AWS_MAX_ATTEMPTS is \"many\""),
        (["AWS_RETRY_MODE": "often"], "AWS_RETRY_MODE is \"often\", which is none of legacy, standard, adaptive"),
        (["AWS_REQUEST_CHECKSUM_CALCULATION": "never"], "AWS_REQUEST_CHECKSUM_CALCULATION is \"never\""),
    ])
    func `Settings that are wrong`(variables: [String: String], message: String) {
        let error = #expect(throws: AWSError.self) { try configuration(variables) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test func `A file that cannot be read is not passed over`() throws {
        #expect(throws: AWSError.self) { try AWSFixture(config: "hush").configuration() }
        let long = String(repeating: "#", count: 5 << 20)
        let error = #expect(throws: AWSError.self) { try AWSFixture(credentials: long).configuration() }
        #expect(error?.description.contains("longer than") == true)
    }

    @Test(arguments: [
        ("us-east-1", "sts.us-east-1.amazonaws.com"), ("cn-north-1", "sts.cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", "sts.us-gov-west-1.amazonaws.com"), ("us-isob-east-1", "sts.us-isob-east-1.sc2s.sgov.gov"),
    ])
    func `Addresses of services`(region: String, host: String) {
        #expect(Region.address(of: "sts", in: region) == HTTPAddress(scheme: "https", host: host))
    }

    @Test(arguments: [
        ("sts", "us-east-1", true, false, "sts-fips.us-east-1.amazonaws.com"),
        ("sts", "us-gov-west-1", true, false, "sts.us-gov-west-1.amazonaws.com"),
        ("sts", "us-gov-west-1", true, true, "sts-fips.us-gov-west-1.api.aws"),
        ("sts", "eu-west-1", false, true, "sts.eu-west-1.api.aws"),
        ("portal.sso", "us-east-1", true, false, "portal.sso-fips.us-east-1.amazonaws.com"),
        ("s3", "eu-west-1", false, true, "s3.dualstack.eu-west-1.amazonaws.com"),
        ("s3", "us-gov-west-1", true, true, "s3-fips.dualstack.us-gov-west-1.amazonaws.com"),
    ])
    func `Other addresses of services`(
        service: String, region: String, isFIPS: Bool, isDualStack: Bool, host: String
    ) {
        let variant = Region.Variant(isFIPS: isFIPS, isDualStack: isDualStack)
        #expect(Region.address(of: service, in: region, variant).host == host)
    }

    @Test(arguments: [
        ([:], false, false), (["AWS_USE_FIPS_ENDPOINT": "True"], true, false), (["AWS_USE_FIPS_ENDPOINT": "no"], false, false),
        (["AWS_USE_DUALSTACK_ENDPOINT": "true"], false, true), (["AWS_PROFILE": "v"], true, true),
        (["AWS_PROFILE": "v", "AWS_USE_FIPS_ENDPOINT": "false"], false, true),
    ] as [([String: String], Bool, Bool)])
    func `Endpoints of other kinds`(variables: [String: String], isFIPS: Bool, isDualStack: Bool) throws {
        let config = "[profile v]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n"
        let configuration = try AWSFixture(variables, config: config).configuration()
        let variant = Region.Variant(isFIPS: isFIPS, isDualStack: isDualStack)
        #expect(configuration.endpointVariant == variant && configuration.s3EndpointVariant == variant)
    }

    @Test(arguments: [
        ("use_dualstack_endpoint = true", [:], Region.Variant(isDualStack: true)),
        ("use_dualstack_endpoint = false", ["AWS_USE_DUALSTACK_ENDPOINT": "true"], Region.Variant(isDualStack: true)),
        ("use_accelerate_endpoint = true", ["AWS_USE_DUALSTACK_ENDPOINT": "true"],
            Region.Variant(isDualStack: true, isAccelerated: true)),
    ] as [(String, [String: String], Region.Variant)])
    func `Endpoints of S3 alone`(line: String, variables: [String: String], variant: Region.Variant) throws {
        let configuration = try AWSFixture(variables, config: "[default]\ns3 =\n  \(line)\n").configuration()
        #expect(configuration.s3EndpointVariant == variant)
        #expect(configuration.endpointVariant == Region.Variant(isDualStack: !variables.isEmpty))
    }

    @Test func `An accelerated endpoint is none of FIPS's`() throws {
        let config = "[default]\nuse_fips_endpoint = true\ns3 =\n  use_accelerate_endpoint = true\n"
        let error = #expect(throws: AWSError.self) { try AWSFixture(config: config).configuration() }
        #expect(error?.description.contains("use_accelerate_endpoint, and there is no such endpoint of FIPS") == true)
    }

    @Test(arguments: [
        ("aws-global", "us-east-1", false), ("fips-us-gov-west-1", "us-gov-west-1", true),
        ("us-east-2-fips", "us-east-2", true), ("fips-aws-global", "us-east-1", true), ("eu-west-1", "eu-west-1", false),
    ])
    func `Names that mean another region`(name: String, region: String, isFIPS: Bool) throws {
        let configuration = try AWSFixture(["AWS_REGION": name]).configuration()
        #expect(configuration.region == region)
        #expect(configuration.endpointVariant == Region.Variant(isFIPS: isFIPS))
        #expect(configuration.s3EndpointVariant == Region.Variant(isFIPS: isFIPS))
    }

    @Test(arguments: [
        ("https://s3.eu-west-1.amazonaws.com", true), ("https://bucket.vpce-1.s3.us-east-1.vpce.amazonaws.com", true),
        ("https://s3.cn-north-1.amazonaws.com.cn", true), ("https://s3.amazonaws.com.example", false),
        ("https://notamazonaws.com", false), ("http://127.0.0.1:9000", false),
    ])
    func `Addresses of AWS's own`(url: String, isOfAWS: Bool) throws {
        #expect(Region.isOfAWS(try HTTPAddress(parsing: url)) == isOfAWS)
    }

    // MARK: Paths

    @Test(arguments: [
        "$PLACE/c", "${PLACE}/c", "$PLACE${REST}", "~/$ONE", "$SQUIGGLE/c", "HOME/${GONE}/c", "HOME/$GONE/c", "HOME/$/c",
        "HOME/${/c",
    ])
    func `Variables in paths`(path: String) throws {
        let region = "[default]\nregion = eu-north-1\n"
        let files = ["c": region, "${GONE}/c": region, "$GONE/c": region, "$/c": region, "${/c": region]
        let fixture = try AWSFixture(
            ["AWS_CONFIG_FILE": path, "PLACE": "HOME", "REST": "/c", "ONE": "c", "SQUIGGLE": "~"], files: files)
        #expect(try fixture.configuration().region == "eu-north-1")
    }

    // MARK: The region of an instance

    /// Of OpenStack's, which signs with them.
    @Test func `Regions with capitals are other servers'`() async throws {
        let fixture = try AWSFixture(["AWS_REGION": "RegionOne"])
        #expect(try fixture.configuration().region == "RegionOne")
        let error = await #expect(throws: AWSError.self) {
            try await fixture.configuration().resolveRegion(sender: fixture)
        }
        #expect(error?.description == "\"RegionOne\" is not the name of a region of AWS, such as eu-central-1")
    }

    @Test func `The region of the instance`() async throws {
        let fixture = try AWSFixture { request, _ in
            request.method == "PUT" ? (200, [:], "T0") : (200, [:], "ap-south-1")
        }
        let configuration = try fixture.configuration()
        for copy in [configuration, configuration] {
            let region = try await copy.resolveRegion(sender: fixture)
            #expect(region.name == "ap-south-1" && !region.isFallback)
        }
        #expect(fixture.requests.map(\.request.address.path) == ["/latest/api/token", "/latest/meta-data/placement/region"])
        #expect(fixture.requests.last?.request.headers["x-aws-ec2-metadata-token"] == "T0")
    }

    @Test(arguments: [
        ([:], "<html>", "which is not the name of a region"),
        (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "nonsense"], "x", "AWS_EC2_METADATA_SERVICE_ENDPOINT is not a URL"),
    ])
    func `Metadata that are wrong`(variables: [String: String], answer: String, message: String) async throws {
        let fixture = try AWSFixture(variables) { _, _ in (200, [:], answer) }
        let error = await #expect(throws: AWSError.self) { try await fixture.configuration().resolveRegion(sender: fixture) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    /// As the AWS CLI does; the bucket's own is found out.
    @Test(arguments: [(["AWS_EC2_METADATA_DISABLED": "TRUE"], 0), ([:], 1)])
    func `No region anywhere`(variables: [String: String], requests: Int) async throws {
        let fixture = try AWSFixture(variables)
        let configuration = try fixture.configuration()
        for _ in 0..<2 {
            let region = try await configuration.resolveRegion(sender: fixture)
            #expect(region.name == "us-east-1" && region.isFallback)
        }
        #expect(fixture.requests.count == requests)
    }
}
