/// Which objects are listed, and how.
public struct Listing: Hashable, Sendable {
    public enum Depth: Hashable, Sendable {
        /// Every object.
        case all
        /// What has another "/" after the prefix is shown as one common prefix.
        case oneLevel
    }

    /// Any beginning of a key, not just a folder.
    public var prefix: String
    public var depth: Depth
    /// Of objects and common prefixes together, 1 to 1000.
    public var pageSize: Int

    public init(prefix: String = "", depth: Depth = .all, pageSize: Int = 1000) {
        self.prefix = prefix
        self.depth = depth
        self.pageSize = min(max(1, pageSize), 1000)
    }
}

/// An object as listings show it.
public struct ListedObject: Hashable, Sendable {
    @ObjectKey public var key: String
    /// In bytes.
    public var size: Int64
    public var etag: ETag
    /// Seconds since 1970, UTC.
    public var modifiedAt: Int

    /// Consoles make such objects for folders that are empty.
    var isFolderMark: Bool { size == 0 && key.utf8.last == UInt8(ascii: "/") }
}

extension ListedObject {
    /// As a listing would show it.
    package init(_ info: ObjectInfo) {
        self.init(key: info.key, size: info.size, etag: info.etag, modifiedAt: info.modifiedAt)
    }
}

/// Where a listing goes on; means something to the store that gave it only.
public struct ListToken: Hashable, Sendable { let text: String }

public struct ListPage: Hashable, Sendable {
    public var objects: [ListedObject]
    /// Each with its "/".
    public var commonPrefixes: [String]
    /// `nil`: this was the last one.
    public var next: ListToken?
}

/// The pages of a listing, fetched as they are asked for.
public struct ListPages: AsyncSequence, Sendable {
    let store: any ObjectStore
    let listing: Listing

    public func makeAsyncIterator() -> Iterator { Iterator(store: store, listing: listing) }

    /// All objects of all pages.
    public func allObjects() async throws -> [ListedObject] {
        try await store.allObjects(of: listing)
    }

    public struct Iterator: AsyncIteratorProtocol {
        let store: any ObjectStore
        let listing: Listing
        private var token: ListToken?
        private var hasMore = true

        init(store: any ObjectStore, listing: Listing) {
            self.store = store
            self.listing = listing
        }

        public mutating func next() async throws -> ListPage? {
            guard hasMore else { return nil }
            try Task.checkCancellation()
            let page = try await store.page(of: listing, after: token)
            guard page.next == nil || page.next != token else {
                throw StoreError(.corrupted, "\(store.location): the listing goes round in circles")
            }
            token = page.next
            hasMore = page.next != nil
            return page
        }
    }
}
