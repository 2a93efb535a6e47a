import AWS
import XML

extension S3Store {
    public func page(of listing: Listing, after token: ListToken?) async throws -> ListPage {
        var query = [
            (name: "list-type", value: "2"), (name: "encoding-type", value: "url"),
            (name: "max-keys", value: String(listing.pageSize)), (name: "prefix", value: prefix + listing.prefix),
        ]
        if listing.depth == .oneLevel { query.append((name: "delimiter", value: "/")) }
        if let token { query.append((name: "continuation-token", value: token.text)) }
        let root = try await session.document(S3Request("GET", nil, query))
        let isEncoded = root["EncodingType"]?.text == "url"
        func key(_ element: XMLElement?) -> String? {
            guard let text = element?.text else { return nil }
            // Java's way: spaces as pluses.
            let whole = isEncoded ? PercentEncoding.decoded(text, plusIsSpace: true) : text
            // The prefix itself may be an object, as some programs mark folders.
            return inner(whole).flatMap { $0.isEmpty ? nil : $0 }
        }
        var page = ListPage(objects: [], commonPrefixes: [], next: nil)
        for object in root.all("Contents") {
            guard let key = key(object["Key"]) else { continue }
            guard let size = object["Size"].flatMap({ Int64($0.text) }) else {
                throw StoreError(.corrupted, "\(location.naming(key)): the listing does not say how long the object is")
            }
            // Whoever deletes by age must not take what has no date for old.
            guard let date = object["LastModified"].flatMap({ AWSDate(iso8601: $0.text) }) else {
                throw StoreError(.corrupted, "\(location.naming(key)): the listing does not say when the object was written")
            }
            page.objects.append(
                ListedObject(
                    key: key, size: size, etag: ETag(object["ETag"]?.text ?? ""),
                    modifiedAt: date.secondsSince1970))
        }
        page.commonPrefixes = root.all("CommonPrefixes").compactMap { key($0["Prefix"]) }
        if root["IsTruncated"]?.text == "true" {
            guard let next = root["NextContinuationToken"]?.text, !next.isEmpty else {
                throw StoreError(.corrupted, "\(location): the listing does not say how it goes on")
            }
            page.next = ListToken(text: next)
        }
        return page
    }
}
