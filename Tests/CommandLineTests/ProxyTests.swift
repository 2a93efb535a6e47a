import Foundation
import TestSupport
import Testing

/// What goes through a proxy of the environment, and what does not.
@Suite struct ProxyTests {
    /// To the proxy, the address would be another machine, which would learn the token, and might have credentials of its own.
    @Test func `Credentials of this machine are asked for directly`() throws {
        let sandbox = try Sandbox()
        let proxy = try ScriptedServer.serving { _ in [.respond(404)] }
        let keys = #"{"AccessKeyId": "AKIDOWN", "SecretAccessKey": "s", "Token": "t", "Expiration": "2999-01-01T00:00:00Z"}"#
        let source = try ScriptedServer.serving { _ in [.respond(body: keys)] }
        let done = try sandbox.start(
            [Burns.path, "ls", "--store", "s3://bucket", "--endpoint-url", "http://storage.example"],
            environment: [
                "http_proxy": "http://127.0.0.1:\(proxy.port)", "AWS_MAX_ATTEMPTS": "1",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:\(source.port)/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "hush",
            ]
        ).wait()
        #expect(done.status == 1 && done.isOneSentence, "\(done.error)")
        #expect(source.requests.map(\.target) == ["/credentials"] && source.requests.first?["Authorization"] == "hush")
        #expect(proxy.requests.count == 1 && proxy.requests.allSatisfy { $0.target.hasPrefix("http://storage.example/bucket") })
        #expect(proxy.requests.allSatisfy { !$0.head.contains("hush") })
    }

    @Test func `A proxy that refuses is said so`() throws {
        let sandbox = try Sandbox()
        let proxy = try ScriptedServer.serving { _ in [.respond(407), .close] }
        let done = try sandbox.start(
            [Burns.path, "ls", "--store", "s3://bucket", "--endpoint-url", "https://storage.example"],
            environment: [
                "https_proxy": "http://user:hush@127.0.0.1:\(proxy.port)", "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s",
            ]
        ).wait()
        #expect(done.status == 1 && done.isOneSentence && !done.error.contains("hush"), "\(done.error)")
        #expect(done.error.contains("the proxy refuses to connect to storage.example: status 407"), "\(done.error)")
        #expect(proxy.requests.count == 1)
    }
}
