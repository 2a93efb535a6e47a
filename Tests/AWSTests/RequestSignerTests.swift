import AWS
import Digest
import Foundation
import HTTP
import JSON
import TestSupport
import Testing

@Suite struct RequestSignerTests {
    /// AWS' own cases, in a header and in the query. See Resources/SigV4TestSuite/NOTICE.
    @Test func `The published test suite`() throws {
        let cases = try JSON(parsing: Array(Data(contentsOf: resource("SigV4TestSuite/cases.json")))).elements
        #expect(cases.count == 38)
        for test in cases {
            let name = try #require(test["name"]?.text)
            let signer = RequestSigner(
                credentials: AWSCredentials(
                    accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                    sessionToken: test["token"]?.text),
                scope: SigningScope(region: "us-east-1", service: "service"),
                date: try #require(AWSDate(iso8601: "20150830T123600Z")))
            var (request, body) = try parse(try #require(test["request"]?.text))
            let payload = SignedPayload.sha256(SHA256.hexadecimal(of: test["signsBody"] == true ? body : []))
            let inQuery = signer.prepare(request, expiresSeconds: 3600)
            if test["signsBody"] == true { request.headers["X-Amz-Content-SHA256"] = payload.text }
            let inHeader = signer.prepare(request, payload: payload)
            for (form, prepared) in [("header", inHeader), ("query", inQuery)] {
                // Of other services than S3, paths are tidied.
                let isS3 = test["isNormalized"] == false
                let canonical = CanonicalRequest(prepared, isS3: isS3, payload: payload.text)
                let text = signer.stringToSign(canonical)
                #expect(canonical.text == test[form]?["canonicalRequest"]?.text, "\(name), \(form)")
                #expect(text == test[form]?["stringToSign"]?.text, "\(name), \(form)")
                #expect(signer.signature(of: text) == test[form]?["signature"]?.text, "\(name), \(form)")
            }
            // As it goes over the wire.
            guard test["isNormalized"] == true else { continue }
            let signature = "Signature=\(test["header"]?["signature"]?.text ?? "")"
            #expect(signer.sign(request, payload: payload).headers["authorization"]?.hasSuffix(signature) == true, "\(name)")
            guard test["signsBody"] == false else { continue }
            let presigned = signer.presign(try parse(try #require(test["request"]?.text)).0, expiresSeconds: 3600)
            #expect(presigned.address.query?.hasSuffix(test["query"]?["signature"]?.text ?? "-") == true, "\(name)")
        }
    }

    /// "GET /path HTTP/1.1", headers, some of them folded, body.
    private func parse(_ text: String) throws -> (HTTPRequest, body: [UInt8]) {
        let parts = text.split(separator: "\n\n", maxSplits: 1)
        let lines = parts[0].split(separator: "\n")
        let first = lines[0].dropLast(" HTTP/1.1".count)
        let space = try #require(first.firstIndex(of: " "))
        let target = first[first.index(after: space)...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var fields: [(String, String)] = []
        for line in lines.dropFirst() {
            if line.hasPrefix(" ") {
                fields[fields.count - 1].1 += "\n" + line
            } else {
                let colon = try #require(line.firstIndex(of: ":"))
                fields.append((String(line[..<colon]), String(line[line.index(after: colon)...])))
            }
        }
        var request = HTTPRequest(
            String(first[..<space]), "example.amazonaws.com", String(target[0]),
            query: target.count > 1 ? String(target[1]) : nil)
        for (name, value) in fields { request.headers.append(name, value) }
        return (request, parts.count > 1 ? Array(parts[1].utf8) : [])
    }

    // MARK: S3

    private static let exampleSigner = RequestSigner(
        credentials: AWSCredentials(
            accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        scope: SigningScope(region: "us-east-1", service: "s3"), date: AWSDate(secondsSince1970: 1_369_353_600))
    private static let exampleHost = "examplebucket.s3.amazonaws.com"

    /// The examples of the S3 API Reference, "Signature Calculations for the Authorization Header".
    @Test(arguments: [
        (
            HTTPRequest("GET", exampleHost, "/test.txt", headers: ["Range": "bytes=0-9"]), "",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        ),
        (
            HTTPRequest("PUT", exampleHost, "/test%24file.text",
                headers: ["Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"]),
            "Welcome to Amazon S3.", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        ),
        (
            HTTPRequest("GET", exampleHost, "/", query: "lifecycle"), "",
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
        ),
        (
            HTTPRequest("GET", exampleHost, "/", query: "max-keys=2&prefix=J"), "",
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
        ),
    ])
    func `The documented examples of S3`(request: HTTPRequest, body: String, signature: String) {
        let signed = Self.exampleSigner.sign(request, payload: .sha256(SHA256.hexadecimal(of: Array(body.utf8))))
        #expect(signed.headers["Authorization"]?.hasSuffix("Signature=\(signature)") == true)
        #expect(signed.address == request.address)
    }

    @Test func `The documented presigned URL`() {
        let signed = Self.exampleSigner.presign(HTTPRequest("GET", Self.exampleHost, "/test.txt"), expiresSeconds: 86400)
        #expect(signed.address.query == "X-Amz-Algorithm=AWS4-HMAC-SHA256"
            + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z"
            + "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
            + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
        #expect(signed.headers.fields.isEmpty)
    }

    @Test func `Signing again replaces what signing added`() {
        var signer = Self.exampleSigner
        signer.credentials.sessionToken = "token"
        let once = signer.sign(HTTPRequest("GET", Self.exampleHost, "/a"), payload: .unsigned)
        #expect(once.headers["x-amz-content-sha256"] == "UNSIGNED-PAYLOAD")
        #expect(once.headers["x-amz-security-token"] == "token")
        let twice = signer.sign(once, payload: .unsigned)
        #expect(twice.headers.fields.count == 4)
        #expect(twice.headers["authorization"] == once.headers["authorization"])
        // The token of credentials that were replaced by lasting ones is gone.
        let later = Self.exampleSigner.sign(twice, payload: .unsigned)
        #expect(later.headers["x-amz-security-token"] == nil)
    }

    // MARK: Against botocore

    @Test func `Random requests are signed as botocore signs them`() throws {
        var random = SeededGenerator(seed: 7)
        let cases = (0..<400).map { _ in RandomRequest(&random) }
        let date = AWSDate(secondsSince1970: 1_700_000_000)
        let answers = try python(
            "sign_with_botocore.py", ["\(date.secondsSince1970)"],
            input: JSON.array(cases.map(\.json)).serialized()).elements
        #expect(answers.count == cases.count)
        for (test, answer) in zip(cases, answers) {
            let signer = RequestSigner(credentials: test.credentials, scope: test.scope, date: date)
            if let expires = test.expiresSeconds {
                let query = try #require(signer.presign(test.request, expiresSeconds: expires).address.query)
                // The order of parameters on the wire is free; only the signature must be the same.
                #expect(query.split(separator: "&").last == answer.text?.split(separator: "&").last, "\(test.json)")
            } else {
                let signed = signer.sign(test.request, payload: .sha256(SHA256.hexadecimal(of: test.body)))
                #expect(signed.headers["Authorization"] == answer.text, "\(test.json)")
            }
        }
    }
}

/// A request with whatever is hard to sign.
private struct RandomRequest {
    var request: HTTPRequest
    var body: [UInt8] = []
    let credentials: AWSCredentials
    let scope: SigningScope
    var expiresSeconds: Int?

    private static let odd = " +=%:'()!*@,;&ü/.~-_$#?[]\"<>\\^`{|}".map { String($0) }
        + ["🌍", "e\u{301}", "%20", "%2F", "..", "//", "a", "Z", "0"]

    private static func text(_ random: inout SeededGenerator, _ lengths: ClosedRange<Int>) -> String {
        (0..<Int.random(in: lengths, using: &random)).map { _ in odd.randomElement(using: &random) ?? "a" }.joined()
    }

    init(_ random: inout SeededGenerator) {
        let isS3 = Bool.random(using: &random)
        scope = SigningScope(
            region: ["us-east-1", "eu-central-1", "cn-north-1"].randomElement(using: &random) ?? "",
            service: isS3 ? "s3" : ["iam", "sts", "lambda"].randomElement(using: &random) ?? "")
        credentials = AWSCredentials(
            accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            sessionToken: Bool.random(using: &random) ? "AQoD/+=\(Int.random(in: 0...999, using: &random))==" : nil)
        var names: Set<String> = []
        let parameters = (0..<Int.random(in: 0...5, using: &random)).compactMap { _ -> (name: String, value: String)? in
            let name = Self.text(&random, 1...4)
            return names.insert(name).inserted ? (name, Self.text(&random, 0...6)) : nil
        }
        let port = [nil, 443, 80, 8443].randomElement(using: &random) ?? nil
        let path = "/" + PercentEncoding.encodeKey(Self.text(&random, 0...12))
        request = HTTPRequest(
            method: ["GET", "PUT", "POST", "DELETE", "HEAD"].randomElement(using: &random) ?? "GET",
            address: HTTPAddress(
                scheme: Bool.random(using: &random) ? "https" : "http", host: "bucket.s3.amazonaws.com", port: port, path: path,
                query: parameters.isEmpty ? nil : PercentEncoding.query(parameters)))
        for name in ["Content-Type", "x-amz-meta-Title", "Range", "X-Amz-Acl", "Cache-Control", "User-Agent"]
        where Int.random(in: 0...2, using: &random) == 0 {
            request.headers.append(name, ["  a   b ", "\tq, \"x   y\"", "", "bytes=0-9", "é"].randomElement(using: &random) ?? "")
        }
        if Int.random(in: 0...2, using: &random) == 0 {
            expiresSeconds = Int.random(in: 1...604_800, using: &random)
        } else {
            body = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
    }

    var json: JSON {
        let address = request.address
        let url = "\(address.scheme)://\(address.host)\(address.port.map { ":\($0)" } ?? "")\(address.path)"
            + (address.query.map { "?\($0)" } ?? "")
        return [
            "method": .string(request.method), "url": .string(url),
            "headers": .array(request.headers.fields.map { .array([.string($0.name), .string($0.value)]) }),
            "body": .string(Base64.encode(body)), "accessKeyID": .string(credentials.accessKeyID),
            "secretAccessKey": .string(credentials.secretAccessKey),
            "sessionToken": credentials.sessionToken.map { .string($0) } ?? .null, "region": .string(scope.region),
            "service": .string(scope.service), "expires": expiresSeconds.map { .integer(Int64($0)) } ?? .null,
        ]
    }
}
