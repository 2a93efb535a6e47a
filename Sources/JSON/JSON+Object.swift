extension JSON {
    /// The members of a JSON object: unique keys, in the order in which they were added.
    ///
    /// - Cost: lookup is O(1) on average; a member is removed in O(count).
    /// - Two objects are equal when they have equal members, in whatever order (RFC 8259, section 1).
    public struct Object: Sendable {
        public struct Member: Hashable, Sendable {
            public let key: String
            public var value: JSON
        }

        public private(set) var members: [Member] = []
        // A scan beats hashing in the small objects that manifests consist of; only larger ones get an index.
        private var positions: [String: Int] = [:]
        private static let indexedCount = 12

        public init() {}

        public var count: Int { members.count }
        public var isEmpty: Bool { members.isEmpty }

        /// The value of a member. Setting a known key keeps its place, a new one goes to the end, `nil` removes the member.
        public subscript(key: String) -> JSON? {
            get { position(of: key).map { members[$0].value } }
            set {
                switch (position(of: key), newValue) {
                case (let position?, let value?): members[position].value = value
                case (nil, let value?): append(Member(key: key, value: value))
                case (let position?, nil): remove(at: position)
                case (nil, nil): break
                }
            }
        }

        mutating func reserveCapacity(_ count: Int) { members.reserveCapacity(count) }

        /// Adds a member whose key is known to be new.
        mutating func append(_ member: Member) {
            members.append(member)
            if members.count > Object.indexedCount {
                if positions.isEmpty {
                    reindex()
                } else if positions[member.key] == nil {
                    positions[member.key] = members.count - 1
                }
            }
        }

        private mutating func remove(at position: Int) {
            members.remove(at: position)
            if !positions.isEmpty { reindex() }
        }

        private mutating func reindex() {
            // Two keys may be different bytes and yet the same text to Swift (é as one character or two): the first is found.
            positions = Dictionary(members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
        }

        private func position(of key: String) -> Int? {
            positions.isEmpty ? members.firstIndex { $0.key == key } : positions[key]
        }
    }
}

extension JSON.Object: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        // A sum, because equal objects may list their members in different orders.
        hasher.combine(members.reduce(0) { $0 &+ $1.hashValue })
    }
}

extension JSON.Object: Sequence {
    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}
