import Foundation
import TestSupport
import Testing

/// The servers that the commands are tried against.
enum Server: String, CaseIterable, CustomTestStringConvertible, Sendable {
    case ceph, moto

    var testDescription: String { rawValue }

    /// Where it listens, once it does.
    func place() async throws -> S3TestServer.Place {
        try await (self == .ceph ? S3TestServer.ceph : S3TestServer.moto).value.place
    }
}

extension S3TestServer.Place {
    /// What a user would set.
    func environment(_ others: [String: String] = [:]) -> [String: String] {
        [
            "AWS_ENDPOINT_URL_S3": endpoint, "AWS_ACCESS_KEY_ID": access_key,
            "AWS_SECRET_ACCESS_KEY": secret_key, "AWS_EC2_METADATA_DISABLED": "true", "no_proxy": "127.0.0.1",
        ].merging(others) { $1 }
    }
}

/// A bucket of a test's own, made by the command.
struct BucketFixture {
    let place: S3TestServer.Place
    let sandbox: Sandbox
    let name = "burns-" + UUID().uuidString.lowercased()

    var url: String { "s3://" + name }

    init(_ server: Server, _ arguments: String...) async throws {
        (place, sandbox) = (try await server.place(), try Sandbox())
        let made = try burns(["bucket", "create", name] + arguments)
        try #require(made.status == 0, "\(made.error)")
    }

    /// - Parameter sandbox: that of another machine.
    func burns(_ arguments: [String], _ others: [String: String] = [:], on other: Sandbox? = nil) throws -> Finished {
        let sandbox = other ?? sandbox
        let environment = place.environment(["BURNS_STORE": url]).merging(others) { $1 }
        return try sandbox.start([Burns.path] + arguments, environment: environment).wait(secondsAllowed: 90)
    }

    func burns(_ arguments: String..., on other: Sandbox? = nil) throws -> Finished { try burns(arguments, [:], on: other) }

    func render(_ arguments: String..., on other: Sandbox? = nil) throws -> Finished {
        try burns(["render"] + arguments + BucketFixture.small, on: other)
    }

    static let small = ["--size", "160x90", "--fps", "4", "--preset", "ultrafast", "--json"]

    /// What another program, Python's botocore, gets from the server: `expression` is over `s3`, a client of it.
    func ask<Answer: Decodable>(_ type: Answer.Type, _ expression: String) throws -> Answer {
        let script = """
            import json, sys, botocore.session
            from botocore.config import Config
            endpoint, key, secret, bucket = sys.argv[1:5]
            s3 = botocore.session.get_session().create_client("s3", "us-east-1", endpoint_url=endpoint, aws_access_key_id=key,
                aws_secret_access_key=secret, config=Config(s3={"addressing_style": "path"}))
            print(json.dumps(\(expression), default=str))
            """
        let text = try tool("/usr/bin/python3", "-c", script, place.endpoint, place.access_key, place.secret_key, name)
        let decoder = JSONDecoder()
        return try decoder.decode(type, from: Data(text.utf8))
    }

    /// Keys of all objects.
    var keys: [String] {
        get throws {
            try ask([String].self, "sorted(o['Key'] for o in s3.list_objects_v2(Bucket=bucket).get('Contents', []))")
        }
    }
}
