import AWS
import Foundation
import HTTP
import JSON
import Testing

@Suite struct CredentialsSourceTests {
    // MARK: Environment and files

    private static let keys = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "hush"]
    private static let config = """
        [default]
        aws_access_key_id = CONFIG
        aws_secret_access_key = hush
        [profile a]
        aws_access_key_id = A
        aws_secret_access_key = hush
        aws_session_token = t
        """
    private static let credentials = "[default]\naws_access_key_id = CREDENTIALS\naws_secret_access_key = hush\n"

    @Test(arguments: [
        (keys, nil, "ENV", "environment"), (keys.merging(["AWS_PROFILE": "a"]) { $1 }, nil, "ENV", "environment"),
        // Whoever names a profile means it.
        (keys, "a", "A", "profile a in "), ([:], nil, "CREDENTIALS", "profile default in "),
        (["AWS_SHARED_CREDENTIALS_FILE": "HOME/none"], nil, "CONFIG", "profile default in "),
        (["AWS_PROFILE": "a"], nil, "A", "profile a in "),
    ] as [([String: String], String?, String, String)])
    func `The first that has any`(variables: [String: String], profile: String?, id: String, source: String) async throws {
        let fixture = try AWSFixture(variables, config: Self.config, credentials: Self.credentials)
        let loaded = try await fixture.provider(profile: profile).load()
        #expect(loaded.credentials.accessKeyID == id)
        #expect(loaded.source.hasPrefix(source))
        #expect(fixture.requests.isEmpty)
    }

    /// A token that is empty is none, as in the AWS CLI.
    @Test(arguments: [
        ([:], "aws_session_token ="), ([:], "aws_security_token =\naws_session_token = t"),
        ([:], #"credential_process = echo '{"Version": 1, "AccessKeyId": "P", "SecretAccessKey": "hush", "SessionToken": ""}'"#),
        (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"], ""),
    ])
    func `Empty tokens`(variables: [String: String], lines: String) async throws {
        let keys = lines.hasPrefix("aws") ? "aws_access_key_id = A\naws_secret_access_key = hush\n" : ""
        let fixture = try AWSFixture(variables, config: "[default]\n\(keys)\(lines)\n") { _, _ in
            (200, [:], #"{"AccessKeyId": "C", "SecretAccessKey": "hush", "Token": ""}"#)
        }
        #expect(try await fixture.provider().credentials().sessionToken == nil)
    }

    @Test func `Given ones go first`() async throws {
        let fixture = try AWSFixture(Self.keys)
        let loaded = try await fixture.provider(explicit: AWSCredentials(accessKeyID: "GIVEN", secretAccessKey: "hush")).load()
        #expect(loaded.credentials.accessKeyID == "GIVEN")
        #expect(loaded.source == "the options given")
    }

    @Test(arguments: [
        (["AWS_ACCESS_KEY_ID": "ENV"], "", "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not: set both, or neither"),
        (keys.merging(["AWS_CREDENTIAL_EXPIRATION": "2023-11-14T22:13:20Z"]) { $1 }, "", "expired at 2023-11-14T22:13:20Z"),
        (keys.merging(["AWS_CREDENTIAL_EXPIRATION": "soon"]) { $1 }, "", "AWS_CREDENTIAL_EXPIRATION is not a date"),
        (keys.merging(["AWS_SESSION_TOKEN": "hu\nsh"]) { $1 }, "",
            "the session token of the credentials from environment has white space"),
        ([:], "[default]\naws_access_key_id = A\n", "has an aws_access_key_id and no aws_secret_access_key"),
        ([:], "[default]\naws_access_key_id = A\naws_secret_access_key =\n", "is empty"),
        ([:], "[default]\naws_access_key_id = A\naws_secret_access_key = hush # new\n", "has white space"),
    ])
    func `Half of them is an error`(variables: [String: String], config: String, message: String) async throws {
        let text = await failure(try AWSFixture(variables, config: config))
        #expect(text.contains(message), "\(text)")
        #expect(!text.contains("hu"))
    }

    @Test func `Nothing anywhere: every place is named`() async throws {
        let text = await failure(try AWSFixture())
        for place in [
            "AWS_ACCESS_KEY_ID is not set", "no role_arn", "neither AWS_WEB_IDENTITY_TOKEN_FILE nor ", "sso_account_id",
            ".aws/credentials", "no credential_process", ".aws/config", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "the instance metadata service at 169.254.169.254 does not answer", "run 'aws configure'",
        ] { #expect(text.contains(place), "\(place) in: \(text)") }
        #expect(!text.contains("\n"))
    }

    // MARK: Roles

    private static let roles = """
        [profile base]
        aws_access_key_id = BASE
        aws_secret_access_key = hush
        [profile one]
        role_arn = arn:aws:iam::1:role/One
        source_profile = base
        external_id = ext&1
        role_session_name = me
        duration_seconds = 900
        region = eu-central-1
        [profile two]
        role_arn = arn:aws:iam::1:role/Two
        source_profile = one
        [profile self]
        role_arn = arn:aws:iam::1:role/Self
        source_profile = self
        aws_access_key_id = SELF
        aws_secret_access_key = hush
        [profile env]
        role_arn = arn:aws:iam::1:role/Env
        credential_source = Environment
        [profile loop1]
        role_arn = arn:aws:iam::1:role/L1
        source_profile = loop2
        [profile loop2]
        role_arn = arn:aws:iam::1:role/L2
        source_profile = loop1
        [profile own]
        role_arn = arn:aws:iam::1:role/Own
        source_profile = own
        [profile both]
        role_arn = arn:aws:iam::1:role/B
        source_profile = base
        credential_source = Environment
        [profile neither]
        role_arn = arn:aws:iam::1:role/N
        [profile odd]
        role_arn = arn:aws:iam::1:role/O
        credential_source = environment
        [profile lost]
        role_arn = arn:aws:iam::1:role/X
        source_profile = nowhere
        [profile empty]
        region = eu-west-1
        [profile hollow]
        role_arn = arn:aws:iam::1:role/H
        source_profile = empty
        [profile mfa]
        role_arn = arn:aws:iam::1:role/M
        source_profile = base
        mfa_serial = arn:aws:iam::1:mfa/anna
        [profile long]
        role_arn = arn:aws:iam::1:role/D
        source_profile = base
        duration_seconds = forever
        """

    @Test func `A role from keys, and one from that role`() async throws {
        let fixture = try AWSFixture(["AWS_PROFILE": "two", "AWS_EC2_METADATA_DISABLED": "true"], config: Self.roles) { _, body in
            body.contains("Two") ? assumed("AssumeRole", id: "TWO") : assumed("AssumeRole", id: "ONE")
        }
        let loaded = try await fixture.provider().load()
        #expect(loaded.credentials == AWSCredentials(accessKeyID: "TWO", secretAccessKey: "hush/TWO", sessionToken: "token-TWO"))
        #expect(loaded.expiration == AWSDate(secondsSince1970: AWSFixture.start + 3600))
        #expect(loaded.source == "profile two: role arn:aws:iam::1:role/Two from profile one: role arn:aws:iam::1:role/One "
            + "from profile base")
        let requests = fixture.requests
        #expect(requests.map(\.body) == [
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2FOne&RoleSessionName=me"
                + "&ExternalId=ext%261&DurationSeconds=900",
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2FTwo&RoleSessionName=burns-1700000000",
        ])
        // The profile in use has no region.
        #expect(requests.map(\.request.address.host) == ["sts.amazonaws.com", "sts.amazonaws.com"])
        #expect(requests[0].request.headers["Authorization"]?.contains("Credential=BASE/20231114/us-east-1/sts/") == true)
        #expect(requests[1].request.headers["Authorization"]?.contains("Credential=ONE/20231114/us-east-1/sts/") == true)
        #expect(requests[1].request.headers["X-Amz-Security-Token"] == "token-ONE")
    }

    @Test(arguments: [("one", "BASE", "sts.eu-central-1.amazonaws.com"), ("self", "SELF", "sts.amazonaws.com"),
        ("env", "ENV", "sts.amazonaws.com")])
    func `Where a role's own credentials are from`(profile: String, id: String, host: String) async throws {
        let variables = Self.keys.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { $1 }
        let fixture = try AWSFixture(variables, config: Self.roles) { _, _ in assumed("AssumeRole", id: "X") }
        _ = try await fixture.provider(profile: profile).load()
        #expect(fixture.requests.first?.request.address.host == host)
        #expect(fixture.requests.first?.request.headers["Authorization"]?.contains("Credential=\(id)/") == true)
    }

    @Test(arguments: [
        ("loop1", "source_profile leads in a circle: loop1 → loop2 → loop1"),
        ("own", "source_profile leads in a circle: own → own"),
        ("both", "has both source_profile and credential_source"), ("neither", "neither source_profile nor credential_source"),
        ("odd", "has the credential_source \"environment\", which is none of"),
        ("lost", "has the source_profile \"nowhere\", which does not exist"), ("hollow", "\"empty\", which has no credentials"),
        ("mfa", "aws configure export-credentials --profile mfa"),
        ("long", "duration_seconds of the profile \"long\" is \"forever\""),
        ("env", "has the credential_source Environment, which has no credentials: AWS_ACCESS_KEY_ID is not set"),
    ])
    func `Roles that cannot be`(profile: String, message: String) async throws {
        let fixture = try AWSFixture(config: Self.roles)
        let text = await failure(fixture, profile: profile)
        #expect(text.contains(message), "\(text)")
        #expect(fixture.requests.isEmpty)
    }

    // MARK: STS

    private static func refusal(_ status: Int, _ code: String, date: String = "") -> AWSFixture.Answer {
        (
            status, ["Date": date],
            "<ErrorResponse><Error><Code>\(code)</Code><Message>not you</Message></Error><RequestId>1</RequestId></ErrorResponse>"
        )
    }

    private static let uselessAnswers: [(answer: AWSFixture.Answer, attempts: Int, message: String)] = [
        (refusal(403, "AccessDenied"), 1,
            "cannot take the role arn:aws:iam::1:role/One: STS at sts.eu-central-1.amazonaws.com refuses "
            + "AssumeRole: AccessDenied: not you"),
        (refusal(503, "ServiceUnavailable"), 3, "ServiceUnavailable"), (refusal(400, "Throttling"), 3, "Throttling"),
        ((502, [:], "<html>hush"), 3, "refuses AssumeRole: status 502"), ((200, [:], "<html>hush"), 1, "cannot be read"),
        ((200, [:], "<a>hush</a>"), 1, "has no AssumeRoleResult"),
        ((200, [:], "<R><AssumeRoleResult/></R>"), 1, "has no Credentials"),
        (assumed("AssumeRole", id: "", expiration: "2024-01-01T00:00:00Z"), 1, "has no AccessKeyId"),
        (assumed("AssumeRole", id: "X", expiration: "hush"), 1, "no valid date as Expiration"),
        (assumed("AssumeRole", id: "X", expiration: "2023-11-14T22:13:20Z"), 1, "is the clock right?"),
    ]

    @Test(arguments: uselessAnswers)
    func `Answers of STS that are of no use`(answer: AWSFixture.Answer, attempts: Int, message: String) async throws {
        let fixture = try AWSFixture(config: Self.roles) { _, _ in answer }
        let text = await failure(fixture, profile: "one")
        #expect(text.contains(message), "\(text)")
        #expect(!text.contains("hush"))
        #expect(fixture.requests.count == attempts)
        #expect(fixture.sleeps.count == attempts - 1)
    }

    @Test(arguments: [1, 2, 5])
    func `As many attempts as are set`(attempts: Int) async throws {
        let fixture = try AWSFixture(["AWS_MAX_ATTEMPTS": "\(attempts)"], config: Self.roles) { _, _ in (503, [:], "") }
        _ = await failure(fixture, profile: "one")
        #expect(fixture.requests.count == attempts)
    }

    /// The one that S3 gets.
    @Test func `The region of the instance is STS's, too`() async throws {
        let fixture = try AWSFixture(config: Self.roles) { request, _ in
            switch request.address.path {
            case "/latest/api/token": (200, [:], "T0")
            case "/latest/meta-data/placement/region": (200, [:], "ap-south-1")
            default: assumed("AssumeRole", id: "X")
            }
        }
        _ = try await fixture.provider(profile: "self").load()
        let request = try #require(fixture.requests.last?.request)
        #expect(request.address.host == "sts.ap-south-1.amazonaws.com")
        #expect(request.headers["Authorization"]?.contains("/ap-south-1/sts/") == true)
    }

    @Test func `A clock that is wrong is put right`() async throws {
        let fixture = try AWSFixture(config: Self.roles) { request, _ in
            // An hour and a half ahead of the machine.
            request.headers["X-Amz-Date"] == "20231114T234320Z"
                ? assumed("AssumeRole", id: "X", expiration: "2023-11-15T00:43:20Z")
                : Self.refusal(403, "SignatureDoesNotMatch", date: "Tue, 14 Nov 2023 23:43:20 GMT")
        }
        let clock = fixture.clock()
        let loaded = try await fixture.provider(profile: "one", clock: clock).load()
        #expect(loaded.credentials.accessKeyID == "X")
        #expect(clock.correctionSeconds == 5400)
        #expect(fixture.requests.count == 2)
    }

    @Test func `Who one is`() async throws {
        let fixture = try AWSFixture(["AWS_ENDPOINT_URL_STS": "http://127.0.0.1:5000", "AWS_REGION": "eu-west-1"]) { _, _ in
            (
                200, [:],
                """
                <GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/anna</Arn>
                <UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
                """
            )
        }
        let client = STSClient(configuration: try fixture.configuration(), sender: fixture, clock: fixture.clock())
        let identity = try await client.getCallerIdentity(AWSCredentials(accessKeyID: "A", secretAccessKey: "hush"))
        #expect([identity.arn, identity.account, identity.userID] == ["arn:aws:iam::123456789012:user/anna", "123456789012",
            "AIDA"])
        let request = try #require(fixture.requests.first?.request)
        #expect(request.address == HTTPAddress(scheme: "http", host: "127.0.0.1", port: 5000))
        #expect(request.headers["Authorization"]?.contains("/eu-west-1/sts/aws4_request") == true)
    }

    // MARK: Web identity

    @Test func `A role for a token`() async throws {
        let fixture = try AWSFixture(
            ["AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token", "AWS_ROLE_ARN": "arn:r", "AWS_ROLE_SESSION_NAME": "pod",
                "AWS_REGION": "eu-west-1"],
            files: ["token": "ey.J+="]
        ) { _, _ in assumed("AssumeRoleWithWebIdentity", id: "WEB") }
        let loaded = try await fixture.provider().load()
        #expect(loaded.credentials.accessKeyID == "WEB")
        #expect(loaded.source == "role arn:r by the token in \(fixture.home)/token")
        let sent = try #require(fixture.requests.first)
        #expect(sent.request.headers["Authorization"] == nil)
        #expect(sent.request.address.query == nil)
        #expect(sent.body == "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Ar&RoleSessionName=pod"
            + "&WebIdentityToken=ey.J%2B%3D")
    }

    @Test(arguments: [
        (["AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token"], "there is no role for it: set AWS_ROLE_ARN"),
        (["AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/none", "AWS_ROLE_ARN": "arn:r"], "/none, which does not exist"),
        (["AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/long", "AWS_ROLE_ARN": "arn:r"], "longer than"),
        (["AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token", "AWS_ROLE_ARN": "arn:r"], "does not answer to AssumeRoleWithWebIdentity"),
    ])
    func `Tokens that are of no use`(variables: [String: String], message: String) async throws {
        let fixture = try AWSFixture(variables, files: ["token": "hush", "long": String(repeating: "hush", count: 20000)])
        let text = await failure(fixture)
        #expect(text.contains(message), "\(text)")
        #expect(!text.contains("hush"))
    }

    @Test func `An explicit profile does not see the token of the environment`() async throws {
        let fixture = try AWSFixture(
            ["AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token", "AWS_ROLE_ARN": "arn:r"], config: Self.config, files: ["token": "t"])
        #expect(try await fixture.provider(profile: "a").load().credentials.accessKeyID == "A")
    }

    // MARK: SSO

    private static let sso = """
        [profile new]
        sso_session = corp
        sso_account_id = 123456789012
        sso_role_name = Dev
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1
        sso_registration_scopes = sso:account:access
        [profile legacy]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1
        sso_account_id = 123456789012
        sso_role_name = Dev
        [profile lost]
        sso_session = nowhere
        sso_account_id = 1
        sso_role_name = Dev
        [profile half]
        sso_account_id = 1
        sso_start_url = https://x
        sso_region = eu-west-1
        [profile differs]
        sso_session = corp
        sso_region = us-east-1
        sso_account_id = 1
        sso_role_name = Dev
        [profile evil]
        sso_start_url = https://x
        sso_region = evil.com/
        sso_account_id = 1
        sso_role_name = Dev
        """
    /// SHA-1 of "corp" and of the start URL.
    private static let sessionFile = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"
    private static let legacyFile = ".aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json"
    private static let token = #"{"accessToken": "hush-token", "expiresAt": "2023-11-14T22:13:21Z", "region": "eu-west-1"}"#
    private static let roleAnswer = #"""
        {"roleCredentials": {"accessKeyId": "SSO", "secretAccessKey": "hush", "sessionToken": "t", "expiration": 1700003600123}}
        """#

    @Test(arguments: ["new", "legacy"])
    func `A role by SSO`(profile: String) async throws {
        let fixture = try AWSFixture(config: Self.sso, files: Self.tokens(Self.token)) { _, _ in (200, [:], Self.roleAnswer) }
        let loaded = try await fixture.provider(profile: profile).load()
        #expect(loaded.credentials.accessKeyID == "SSO")
        #expect(loaded.expiration?.secondsSince1970 == AWSFixture.start + 3600)
        #expect(loaded.source == "profile \(profile): SSO role Dev in account 123456789012")
        let request = try #require(fixture.requests.first?.request)
        #expect(request.address.host == "portal.sso.eu-west-1.amazonaws.com")
        #expect(request.address.path == "/federation/credentials")
        #expect(request.address.query == "role_name=Dev&account_id=123456789012")
        #expect(request.headers["x-amz-sso_bearer_token"] == "hush-token")
        #expect(request.headers["Authorization"] == nil)
    }

    /// A token as `aws sso login` leaves it, good for so many seconds.
    private static func renewable(_ seconds: Int, registered: String = "2024-01-01T00:00:00Z") -> String {
        let end = AWSDate(secondsSince1970: AWSFixture.start + seconds)
        return """
            {"startUrl": "https://corp.awsapps.com/start", "region": "eu-west-1", "accessToken": "hush-old",
             "expiresAt": "\(end)", "clientId": "an-id", "clientSecret": "hush-client", "registrationExpiresAt": "\(registered)",
             "refreshToken": "hush-refresh"}
            """
    }

    private static let renewed = #"{"accessToken": "hush-new", "expiresIn": 28800, "refreshToken": "hush-next"}"#

    @Test(arguments: [-100, 0, 899])
    func `A token of SSO is renewed before it ends`(seconds: Int) async throws {
        let fixture = try AWSFixture(config: Self.sso, files: Self.tokens(Self.renewable(seconds))) { request, _ in
            (200, [:], request.method == "POST" ? Self.renewed : Self.roleAnswer)
        }
        #expect(try await fixture.provider(profile: "new").credentials().accessKeyID == "SSO")
        let (request, body) = try #require(fixture.requests.first)
        #expect(request.address.text == "https://oidc.eu-west-1.amazonaws.com/token" && request.method == "POST")
        let sent = try JSON(parsing: Array(body.utf8))
        #expect(sent["grantType"] == "refresh_token" && sent["clientId"] == "an-id" && sent["clientSecret"] == "hush-client")
        #expect(sent["refreshToken"] == "hush-refresh")
        #expect(fixture.requests.last?.request.headers["x-amz-sso_bearer_token"] == "hush-new")
        // For the next process and for the AWS CLI, and for nobody else.
        let path = fixture.home + "/" + Self.sessionFile
        let kept = try JSON(parsing: Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        #expect(kept["accessToken"] == "hush-new" && kept["refreshToken"] == "hush-next")
        #expect(kept["expiresAt"] == "2023-11-15T06:13:20Z" && kept["registrationExpiresAt"] == "2024-01-01T00:00:00Z")
        #expect(kept["startUrl"] == "https://corp.awsapps.com/start" && kept["region"] == "eu-west-1")
        #expect(kept["clientId"] == "an-id" && kept["clientSecret"] == "hush-client")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let folder = (path as NSString).deletingLastPathComponent
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
        // Nobody asks again.
        _ = try await fixture.provider(profile: "new").credentials()
        #expect(fixture.requests.count { $0.request.method == "POST" } == 1)
    }

    @Test(arguments: [
        ("new", renewable(900), 200, "hush-old"), ("legacy", renewable(60), 200, "hush-old"),
        // Good for a while, whatever the server says.
        ("new", renewable(60), 400, "hush-old"), ("new", renewable(60, registered: "2023-11-14T22:13:20Z"), 200, "hush-old"),
        ("new", renewable(0), 400, "and cannot be renewed: IAM Identity Center answers with status 400"),
        ("new", renewable(0, registered: "2023-11-14T22:13:20Z"), 200, "the registration of this machine expired"),
        ("legacy", renewable(0), 200, "it expired at 2023-11-14T22:13:20Z: run 'aws sso login --profile legacy'"),
    ])
    func `Where a token of SSO is not renewed`(profile: String, token: String, status: Int, outcome: String) async throws {
        let fixture = try AWSFixture(config: Self.sso, files: Self.tokens(token)) { request, _ in
            request.method == "POST" ? (status, [:], Self.renewed) : (200, [:], Self.roleAnswer)
        }
        if outcome == "hush-old" {
            #expect(try await fixture.provider(profile: profile).credentials().accessKeyID == "SSO")
            #expect(fixture.requests.last?.request.headers["x-amz-sso_bearer_token"] == outcome)
        } else {
            let text = await failure(fixture, profile: profile)
            #expect(text.contains(outcome) && !text.contains("hush"), "\(text)")
        }
        let kept = try Data(contentsOf: URL(fileURLWithPath: fixture.home + "/" + Self.sessionFile))
        #expect(kept == Data(token.utf8))
    }

    private static func tokens(_ text: String) -> [String: String] { [sessionFile: text, legacyFile: text] }

    @Test(arguments: [
        ("new", "", 200, "there is none in ~/.aws/sso/cache: run 'aws sso login --profile new'"),
        ("legacy", #"{"accessToken": "hush", "expiresAt": "2023-11-14T22:13:20UTC"}"#, 200,
            "it expired at 2023-11-14T22:13:20Z: run 'aws sso login --profile legacy'"),
        ("new", token, 401, "does not accept it any more: run 'aws sso login --profile new'"),
        ("new", token, 403, "no credentials for the role Dev in the account 123456789012: status 403"),
        ("new", token, 200, "has no object roleCredentials"), ("new", "hush", 200, "is not JSON (line 1)"),
        ("new", "[\"hush\"]", 200, "is an array in JSON"), ("new", "{}", 200, "has no accessToken"),
        ("new", #"{"accessToken": "hush"}"#, 200, "has no expiresAt"),
        ("new", #"{"accessToken": 7}"#, 200, "where a string belongs"),
        ("new", #"{"accessToken": "hu\r\nsh: 1", "expiresAt": "2024-01-01T00:00:00Z"}"#, 200,
            "characters that no header can carry"),
        ("lost", token, 200, "has no [sso-session nowhere]"), ("half", token, 200, "signs in by SSO and has no sso_role_name"),
        ("differs", token, 200, "and its sso_session \"corp\" differ in sso_region"),
        ("evil", token, 200, "which is not the name of a region"),
    ])
    func `SSO that is of no use`(profile: String, token: String, status: Int, message: String) async throws {
        let fixture = try AWSFixture(config: Self.sso, files: Self.tokens(token)) { _, _ in (status, [:], #"{"x": "hush"}"#) }
        let text = await failure(fixture, profile: profile)
        #expect(text.contains(message), "\(text)")
        #expect(!text.contains("hush") && !text.contains("\n"))
    }

    // MARK: credential_process

    private func process(_ command: String) throws -> AWSFixture {
        try AWSFixture(config: "[default]\ncredential_process = \(command)\n")
    }

    @Test func `A program's credentials`() async throws {
        let output = #"{"Version": 1, "AccessKeyId": "P", "SecretAccessKey": "hush", "Expiration": "2023-11-15T00:13:20+01:00"}"#
        let fixture = try process("printf '%s' '\(output)'")
        let loaded = try await fixture.provider().load()
        #expect(loaded.credentials == AWSCredentials(accessKeyID: "P", secretAccessKey: "hush"))
        #expect(loaded.expiration?.secondsSince1970 == AWSFixture.start + 3600)
        #expect(loaded.source == "credential_process of profile default")
    }

    @Test(arguments: [
        ("false", "failed with status 1"), ("sh -c 'kill -9 $$'", "failed with status 137"),
        ("/no/such/program", "cannot be started: No such file or directory"), ("echo 'hush", "a quote is not closed"),
        ("echo hush", "is not JSON"), ("echo '{\"AccessKeyId\": \"hush\"}'", "is not of Version 1"),
        ("echo '{\"Version\": \"1\"}'", "is not of Version 1"), ("echo '{\"Version\": 1}'", "has no AccessKeyId"),
        ("printf '{\"Version\": 1, \"AccessKeyId\": \"A\", \"SecretAccessKey\": \"hush\", "
                + "\"Expiration\": \"2020-01-01T00:00:00Z\"}'",
            "expired at 2020-01-01T00:00:00Z"),
        ("printf '{\"Version\": 1, \"AccessKeyId\": \"A\", \"SecretAccessKey\": \"hush\", \"Expiration\": \"hush\"}'",
            "no valid date as Expiration"),
        ("yes hush", "prints more than"), ("true", "is not JSON"),
    ])
    func `Programs that are of no use`(command: String, message: String) async throws {
        let text = await failure(try process(command))
        #expect(text.contains(message), "\(text)")
        #expect(!text.contains("hush"))
    }

    /// One that is done with its output need not be done.
    @Test(.timeLimit(.minutes(1)), arguments: ["exec sleep 1000", "exec >&-; exec sleep 1000", "exec >&-; trap '' TERM; exec sleep 1000"])
    func `Programs that go on`(command: String) async {
        let error = await #expect(throws: AWSError.self) {
            try await ChildProcess.run(["sh", "-c", command], named: "it", timeoutSeconds: 1)
        }
        #expect(error?.description == "it did not end within 1 seconds")
    }

    // MARK: Containers

    private static let container = #"""
        {"AccessKeyId": "C", "SecretAccessKey": "hush", "Token": "t", "Expiration": "2023-11-14T23:13:20Z", "RoleArn": "arn:r"}
        """#

    @Test(arguments: [
        (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x?id=1"], "169.254.170.2", nil),
        (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.1.2.3:80/x"], "127.1.2.3", nil),
        (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://[::1]/x"], "[::1]", nil),
        (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://[fd00:ec2::23]/x"], "[fd00:ec2::23]", nil),
        (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "https://example.com/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Bearer b"],
            "example.com", "Bearer b"),
        (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/x",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "HOME/token"],
            "169.254.170.23", "from-file"),
    ] as [([String: String], String, String?)])
    func `A container's credentials`(variables: [String: String], host: String, token: String?) async throws {
        let fixture = try AWSFixture(variables, files: ["token": "from-file"]) { _, _ in (200, [:], Self.container) }
        let loaded = try await fixture.provider().load()
        #expect(loaded.credentials.accessKeyID == "C")
        #expect(loaded.source == "container endpoint")
        let request = try #require(fixture.requests.first?.request)
        #expect(request.address.host == host)
        #expect(request.headers["authorization"] == token)
    }

    @Test(arguments: [
        (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/x"], 0, "to which no token is sent without https"),
        (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1.example.com/x"], 0, "to which no token is sent without https"),
        (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.1/x"], 0, "to which no token is sent without https"),
        (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://[::ffff:1.2.3.4]/x"], 0, "to which no token is sent without https"),
        (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "@example.com/x"], 0, "does not start with /"),
        (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "hu\nsh"], 0, "line break"),
        (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "HOME/none"], 0,
            "does not exist"),
        (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/500"], 3, "answers with status 500"),
        (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"], 1, "is not JSON"),
    ])
    func `Containers' endpoints that are of no use`(variables: [String: String], attempts: Int, message: String) async throws {
        let fixture = try AWSFixture(variables) { request, _ in (request.address.path == "/500" ? 500 : 200, [:], "hush") }
        let text = await failure(fixture)
        #expect(text.contains(message), "\(text)")
        #expect(!text.contains("hush"))
        #expect(fixture.requests.count == attempts)
    }

    // MARK: Instances

    private static func instance(_ request: HTTPRequest, role: String = "web",
        document: String = container) -> AWSFixture.Answer {
        let path = request.address.path
        if path.hasSuffix("/latest/api/token") { return request.method == "PUT" ? (200, [:], "T0") : (405, [:], "") }
        guard request.headers["X-aws-ec2-metadata-token"] == "T0" else { return (401, [:], "") }
        return path.hasSuffix("/security-credentials/") ? (role.isEmpty ? 404 : 200, [:], role) : (200, [:], document)
    }

    @Test(arguments: [
        ([:], "169.254.169.254", ""),
        (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://[fd00:ec2::254]/base"], "[fd00:ec2::254]", "/base"),
        (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], "[fd00:ec2::254]", ""),
    ])
    func `An instance's role`(variables: [String: String], host: String, base: String) async throws {
        let fixture = try AWSFixture(variables) { request, _ in Self.instance(request, role: "my role\nother") }
        let loaded = try await fixture.provider().load()
        #expect(loaded.source == "role my role of this instance")
        #expect(Set(fixture.requests.map(\.request.address.host)) == [host])
        #expect(fixture.requests.last?.request.address.path == base + "/latest/meta-data/iam/security-credentials/my%20role")
    }

    @Test(arguments: [
        ([:], "", container, "does not have /latest/meta-data/iam/security-credentials/"),
        ([:], "web", #"{"Code": "AssumeRoleUnauthorizedAccess", "Message": "hush"}"#, "has no credentials for the role web"),
        ([:], "web", "hush", "is not JSON"), ([:], "web", #"{"AccessKeyId": "A", "SecretAccessKey": "hush"}"#, "has no Token"),
        ([:], "web", #"{"AccessKeyId": "A", "SecretAccessKey": "hush", "Token": "t"}"#, "has no Expiration"),
        (["AWS_EC2_METADATA_DISABLED": "true"], "web", container, "switched off by AWS_EC2_METADATA_DISABLED"),
        (["AWS_METADATA_SERVICE_TIMEOUT": "long"], "web", container, "AWS_METADATA_SERVICE_TIMEOUT is \"long\""),
    ])
    func `Instances that are of no use`(variables: [String: String], role: String, document: String,
        message: String) async throws {
        let fixture = try AWSFixture(variables) { request, _ in Self.instance(request, role: role, document: document) }
        let text = await failure(fixture)
        #expect(text.contains(message), "\(text)")
        #expect(!text.contains("hush"))
    }
}
