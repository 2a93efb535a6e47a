import AWS
import ObjectStore
import XML

/// Makes a bucket for projects and films, or corrects one that is there: private, encrypted, tidied up by itself.
///
/// What others have set stays: their lifecycle and CORS rules, encryption with a key of one's own, versioning.
public struct BucketSetup: Sendable {
    /// What was done about one thing.
    public struct Step: Sendable {
        public enum Outcome: String, Sendable {
            case created, corrected
            case leftAlone = "left alone"
            /// The server does not have such a thing.
            case unavailable
        }

        public let outcome: Outcome
        public let subject: String
        /// How it is now.
        public let text: String
    }

    /// After which projects and shared chunks are deleted; `nil`: as the bucket's rules say, and where they say nothing, after
    /// `usualDays`.
    public var lifecycleDays: Int?
    public static let usualDays = 14
    /// Keeps earlier versions of objects.
    public var isVersioned = false
    /// Web pages that may read objects by presigned URLs: "https://example.org", or "*".
    public var origins: [String] = []

    private static let unfinishedDays = 7

    public init() {}

    /// Whether a text says where web pages are from: "https://example.org", "http://localhost:3000", "https://*.org" or "*".
    public static func isOrigin(_ text: String) -> Bool {
        guard text != "*" else { return true }
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return false }
        let host = text.dropFirst(scheme.count)
        return !host.isEmpty && host.count { $0 == "*" } <= 1
            && host.utf8.allSatisfy { 0x21..<0x7F ~= $0 && !"/?#@<>&\"'".utf8.contains($0) }
    }

    /// - Parameter each: told of every step as it is done.
    public func run(_ store: S3Store, each: (Step) -> Void) async throws {
        let bucket = try await bucket(store)
        each(bucket)
        // Refuses before anything is changed; and nothing of the rest may keep a bucket from being protected first.
        let rules = try await lifecycleRules(store, isNew: bucket.outcome == .created)
        each(try await publicAccess(store))
        each(try await encryption(store))
        if isVersioned { each(try await versioning(store)) }
        for step in try await lifecycle(store, rules) { each(step) }
        if !origins.isEmpty { each(try await cors(store)) }
    }

    private func bucket(_ store: S3Store) async throws -> Step {
        let exists = try await store.bucketExists()
        if !exists { try await store.createBucket() }
        return Step(outcome: exists ? .leftAlone : .created, subject: "bucket", text: "\(store.location) in \(store.region)")
    }

    private func publicAccess(_ store: S3Store) async throws -> Step {
        let wanted = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"]
            .map { XMLElement($0, "true") }
        return try await step(.publicAccessBlock, "public access", "blocked", of: store) { found in
            wanted.allSatisfy { one in found.contains(where: one.means) } ? nil : wanted
        }
    }

    private func encryption(_ store: S3Store) async throws -> Step {
        let wanted = XMLElement("Rule", [
            XMLElement("ApplyServerSideEncryptionByDefault", [XMLElement("SSEAlgorithm", "AES256")])
        ])
        let text = "at rest, with keys that S3 keeps or that were chosen before"
        return try await step(.encryption, "encryption", text, of: store) { found in
            let algorithm = found.first?["ApplyServerSideEncryptionByDefault"]?["SSEAlgorithm"]?.text ?? ""
            return algorithm.isEmpty ? [wanted] : nil
        }
    }

    private func versioning(_ store: S3Store) async throws -> Step {
        let wanted = XMLElement("Status", "Enabled")
        return try await step(.versioning, "versioning", "earlier versions are kept", of: store) { found in
            found.contains(where: wanted.means) ? nil : [wanted]
        }
    }

    /// Rules as they are to be, each with what it says.
    private struct LifecycleRules {
        let found: BucketSettingValue?
        let wanted: [(rule: XMLElement, text: String)]
    }

    /// - Parameter isNew: there is nothing in the bucket that a rule could take away.
    /// - Returns: `nil` where the server knows none.
    private func lifecycleRules(_ store: S3Store, isNew: Bool) async throws -> LifecycleRules? {
        let value: BucketSettingValue?
        do {
            value = try await store.setting(.lifecycle)
        } catch let error as StoreError where error.kind == .unsupported {
            return nil
        }
        let found = value?.elements ?? []
        let ids = ["burns-projects", "burns-segments", "burns-unfinished-uploads"]
        // The older form of rules cannot stand beside the newer one.
        let isOld = found.contains { !ids.contains($0["ID"]?.text ?? "") && $0["Filter"] == nil && $0["Prefix"] != nil }
        func rule(_ id: String, _ prefix: String, _ actions: [XMLElement]) -> XMLElement {
            let scope = isOld ? XMLElement("Prefix", prefix) : XMLElement("Filter", [XMLElement("Prefix", prefix)])
            return XMLElement("Rule", [XMLElement("ID", id), scope, XMLElement("Status", "Enabled")] + actions)
        }
        var (rules, texts): ([XMLElement], [String]) = ([], [])
        for (id, folder) in zip(ids, [StoreLayout.projects, StoreLayout.segments]) {
            // Nobody who says no days wants others than are set.
            if lifecycleDays == nil, let own = found.first(where: { $0["ID"]?.text == id }) {
                rules.append(own)
                texts.append(BucketSetup.sentence(own, folder))
                continue
            }
            let days = lifecycleDays ?? BucketSetup.usualDays
            if lifecycleDays == nil, !isNew {
                try await checkIsYoung(store, folder, days)
                try await checkHasNoVersions(store, folder, days)
            }
            rules.append(rule(id, folder, [
                XMLElement("Expiration", [XMLElement("Days", "\(days)")]),
                XMLElement("NoncurrentVersionExpiration", [XMLElement("NoncurrentDays", "\(days)")]),
            ]))
            texts.append("\(folder) goes after \(days) days")
        }
        let abort = XMLElement(
            "AbortIncompleteMultipartUpload", [XMLElement("DaysAfterInitiation", "\(BucketSetup.unfinishedDays)")])
        rules.append(rule(ids[2], "", [abort]))
        texts.append("what is unfinished goes after \(BucketSetup.unfinishedDays) days")
        return LifecycleRules(found: value, wanted: Array(zip(rules, texts)))
    }

    private func lifecycle(_ store: S3Store, _ rules: LifecycleRules?) async throws -> [Step] {
        guard let rules else { return [BucketSetup.unavailable("lifecycle")] }
        let merged = Merge(rules.found?.elements ?? [], wanted: rules.wanted.map(\.rule)) {
            BucketSetup.plain($0).means(BucketSetup.plain($1))
        }
        do {
            if merged.changes { try await store.set(.lifecycle, merged.elements, inPlaceOf: rules.found) }
        } catch let error as StoreError where error.kind == .unsupported {
            return [BucketSetup.unavailable("lifecycle")]
        }
        let others = merged.othersCount == 0 ? [] : [
            Step(outcome: .leftAlone, subject: "lifecycle", text: BucketSetup.rulesOfOthers(merged.othersCount))
        ] + BucketSetup.earlier(merged.elements, than: rules.wanted.map(\.rule))
        return zip(merged.outcomes, rules.wanted).map { Step(outcome: $0, subject: "lifecycle", text: $1.text) } + others
    }

    private static func rulesOfOthers(_ count: Int) -> String { count == 1 ? "1 rule of others" : "\(count) rules of others" }

    /// Rules of others by which projects or chunks go before ours say so.
    private static func earlier(_ rules: [XMLElement], than own: [XMLElement]) -> [Step] {
        let ids = own.map { $0["ID"]?.text }
        func days(_ rule: XMLElement) -> Int? {
            rule["Status"]?.text == "Enabled" ? rule["Expiration"]?["Days"].flatMap { Int($0.text) } : nil
        }
        // `nil`: it is for some of the objects only.
        func prefix(_ rule: XMLElement) -> String? {
            let scope = rule["Prefix"].map { [$0] } ?? rule["Filter"]?.children ?? []
            return scope.allSatisfy { $0.name == "Prefix" } ? scope.first?.text ?? "" : nil
        }
        let others = rules.filter { !ids.contains($0["ID"]?.text) }
        return own.flatMap { rule -> [Step] in
            let folder = prefix(rule) ?? ""
            return others.compactMap { other in
                guard !folder.isEmpty, let scope = prefix(other), folder.utf8.starts(with: scope.utf8), let theirs = days(other), theirs < days(rule) ?? .max else { return nil }
                return Step(
                    outcome: .leftAlone, subject: "lifecycle",
                    text: "a rule of others, \(other["ID"]?.text ?? "without a name"), takes \(folder) away after \(theirs) days already")
            }
        }
    }

    /// What a rule of ours does, whoever has changed it since.
    private static func sentence(_ rule: XMLElement, _ folder: String) -> String {
        guard rule["Status"]?.text == "Enabled" else { return "\(folder) stays: its rule is switched off" }
        let days = rule["Expiration"]?["Days"]
        return days.map { "\(folder) goes after \($0.text) days" } ?? "\(folder) goes when its rule says"
    }

    /// A new rule deletes within a day all that is old enough already. Of what was there before, nobody said that it may go.
    private func checkIsYoung(_ store: S3Store, _ folder: String, _ days: Int) async throws {
        for try await page in store.list(Listing(prefix: folder)) {
            let cutoff = store.now.adding(seconds: -days * 86_400).secondsSince1970
            guard let old = page.objects.first(where: { $0.modifiedAt < cutoff }) else { continue }
            throw LibraryError(
                "\(store.location.naming(old.key)) is of \(AWSDate(secondsSince1970: old.modifiedAt)), and a new rule would "
                    + "delete it with all that is older than \(days) days below \(folder); say after how many days that may go, "
                    + "with --lifecycle-days, or use another bucket")
        }
    }

    /// Earlier versions may be old enough, too.
    private func checkHasNoVersions(_ store: S3Store, _ folder: String, _ days: Int) async throws {
        let status: XMLElement?
        do {
            status = try await store.setting(.versioning)?.elements.first { $0.name == "Status" }
        } catch let error as StoreError where error.kind == .unsupported {
            return
        }
        guard let status, !status.text.isEmpty else { return }
        throw LibraryError(
            "\(store.location) keeps earlier versions of objects, or has kept some, and a new rule would delete those of \(folder) that "
                + "were replaced more than \(days) days ago; say after how many days they may go, with --lifecycle-days")
    }

    /// A lifecycle rule in the older form, which says the same; servers give back the one for the other.
    private static func plain(_ rule: XMLElement) -> XMLElement {
        XMLElement(rule.name, rule.children.flatMap { $0.name == "Filter" ? $0.children : [$0] })
    }

    private func cors(_ store: S3Store) async throws -> Step {
        let rule = XMLElement(
            "CORSRule",
            [XMLElement("ID", "burns")] + origins.map { XMLElement("AllowedOrigin", $0) }
                + ["GET", "HEAD", "PUT"].map { XMLElement("AllowedMethod", $0) }
                + [XMLElement("AllowedHeader", "*"), XMLElement("ExposeHeader", "ETag"), XMLElement("MaxAgeSeconds", "3600")])
        do {
            let value = try await store.setting(.cors)
            let merged = Merge(value?.elements ?? [], wanted: [rule]) { $0.means($1) }
            if merged.changes { try await store.set(.cors, merged.elements, inPlaceOf: value) }
            let others = merged.othersCount == 0 ? "" : "; left alone: \(BucketSetup.rulesOfOthers(merged.othersCount))"
            return Step(outcome: merged.outcomes[0], subject: "CORS", text: origins.joined(separator: ", ") + others)
        } catch let error as StoreError where error.kind == .unsupported {
            return BucketSetup.unavailable("CORS")
        }
    }

    /// Reads a setting, and writes it where it differs.
    ///
    /// - Parameter correct: what is to be there instead of what was found; `nil`: that is as it should be.
    private func step(
        _ setting: BucketSetting, _ subject: String, _ text: String, of store: S3Store,
        _ correct: ([XMLElement]) -> [XMLElement]?
    ) async throws -> Step {
        do {
            let found = try await store.setting(setting)
            let elements = found?.elements ?? []
            guard let wanted = correct(elements) else { return Step(outcome: .leftAlone, subject: subject, text: text) }
            try await store.set(setting, wanted, inPlaceOf: found)
            return Step(outcome: elements.isEmpty ? .created : .corrected, subject: subject, text: text)
        } catch let error as StoreError where error.kind == .unsupported {
            return BucketSetup.unavailable(subject)
        }
    }

    private static func unavailable(_ subject: String) -> Step {
        Step(outcome: .unavailable, subject: subject, text: "the server does not know such a setting")
    }
}

/// Rules of a document that is written whole: ours, by their ids, among those of others.
private struct Merge {
    private(set) var elements: [XMLElement]
    private(set) var outcomes: [BucketSetup.Step.Outcome] = []
    let othersCount: Int

    var changes: Bool { outcomes.contains { $0 != .leftAlone } }

    /// - Parameter isSame: whether two rules say the same.
    init(_ found: [XMLElement], wanted: [XMLElement], isSame: (XMLElement, XMLElement) -> Bool) {
        elements = found
        let ids = wanted.map { $0["ID"]?.text }
        othersCount = found.count { !ids.contains($0["ID"]?.text) }
        for rule in wanted {
            let place = elements.firstIndex { $0["ID"]?.text == rule["ID"]?.text }
            if let place {
                let isSame = isSame(elements[place], rule)
                outcomes.append(isSame ? .leftAlone : .corrected)
                if !isSame { elements[place] = rule }
            } else {
                outcomes.append(.created)
                elements.append(rule)
            }
        }
    }
}
