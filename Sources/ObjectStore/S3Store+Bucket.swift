import HTTP

extension S3Store {
    /// Makes the bucket, unless one has it already.
    package func createBucket() async throws {
        let region = session.endpoint.region
        // The first of AWS's regions is the one that must not be named.
        let place = "<LocationConstraint>\(region)</LocationConstraint>"
        let document = region == "us-east-1" ? ""
            : "<CreateBucketConfiguration xmlns=\"\(S3Store.namespace)\">\(place)</CreateBucketConfiguration>"
        do {
            _ = try await session.send(S3Request("PUT", nil, [], document: document))
        } catch let error as StoreError where error.kind == .exists {}
    }
}
