/// Looks settings up: the environment first, then the profile.
struct Settings {
    let environment: AWSEnvironment
    let profile: String
    let section: SharedFile.Section

    /// A value, and where it stands, for messages.
    func find(_ variables: [String], _ option: String, in block: String? = nil) -> (place: String, value: String)? {
        if let (name, value) = environment.first(variables) { return (name, value) }
        guard let value = block.map({ section.text(option, in: $0) }) ?? section.text(option), !value.isEmpty else { return nil }
        return ("\(block.map { "\($0) " } ?? "")\(option) of the profile \"\(profile)\"", value)
    }

    /// Anything but "true" is not.
    func flag(_ variables: [String], _ option: String) -> Bool { find(variables, option)?.value.lowercased() == "true" }

    /// The same within a block alone.
    func flag(_ option: String, in block: String) -> Bool { section.text(option, in: block)?.lowercased() == "true" }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ variables: [String], _ option: String, in block: String? = nil
    ) throws(AWSError) -> Choice? where Choice.RawValue == String {
        guard let (place, value) = find(variables, option, in: block) else { return nil }
        if let choice = Choice(rawValue: value.lowercased()) { return choice }
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw AWSError(.configuration, "\(place) is \"\(value)\", which is none of \(known)")
    }

    func number(_ variables: [String], _ option: String, in range: ClosedRange<Int>) throws(AWSError) -> Int? {
        guard let (place, value) = find(variables, option) else { return nil }
        guard let number = Int(value), range ~= number else {
            throw AWSError(
                .configuration, "\(place) is \"\(value)\", which is not a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
