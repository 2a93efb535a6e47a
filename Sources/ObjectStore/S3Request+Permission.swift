extension S3Request {
    /// What the bucket's owner has to allow for it, as IAM names it; `nil` for settings of buckets, which have names of their own.
    ///
    /// - Source: "Actions, resources, and condition keys for Amazon S3" in the Service Authorization Reference.
    var permission: String? {
        let names = Set(query.map(\.name))
        guard key != nil else {
            if names.contains("delete") { return "s3:DeleteObject" }
            if names.contains("uploads") { return "s3:ListBucketMultipartUploads" }
            if method == "HEAD" || names.contains("list-type") { return "s3:ListBucket" }
            return method == "PUT" && names.isEmpty ? "s3:CreateBucket" : nil
        }
        if names.contains("tagging") { return method == "GET" ? "s3:GetObjectTagging" : "s3:PutObjectTagging" }
        if names.contains("uploadId"), method != "PUT", method != "POST" {
            return method == "GET" ? "s3:ListMultipartUploadParts" : "s3:AbortMultipartUpload"
        }
        return switch method {
        case "GET", "HEAD": "s3:GetObject"
        case "DELETE": "s3:DeleteObject"
        default: headers["x-amz-copy-source"] == nil ? "s3:PutObject" : "s3:PutObject, and s3:GetObject of the source"
        }
    }
}
