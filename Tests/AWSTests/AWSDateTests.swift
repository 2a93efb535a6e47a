import AWS
import HTTP
import Testing

@Suite struct AWSDateTests {
    @Test(arguments: [
        ("2015-08-30T12:36:00Z", 1_440_938_160), ("20150830T123600Z", 1_440_938_160),
        ("2015-08-30T12:36:00.999999Z", 1_440_938_160),
        ("2015-08-30T14:36:00+02:00", 1_440_938_160), ("2015-08-30T14:36:00+0200", 1_440_938_160),
        ("2015-08-30T07:06:00-05:30", 1_440_938_160), ("2015-08-30T12:36:00UTC", 1_440_938_160),
        ("2015-08-30 12:36:00", 1_440_938_160),
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1), ("2024-02-29T00:00:00Z", 1_709_164_800),
        ("2016-12-31T23:59:60Z", 1_483_228_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
    ])
    func `ISO 8601`(text: String, seconds: Int) {
        #expect(AWSDate(iso8601: text)?.secondsSince1970 == seconds)
    }

    @Test(arguments: [
        "", "2015", "2015-08-30", "2015-13-01T00:00:00Z", "2015-02-29T00:00:00Z", "2015-06-31T00:00:00Z", "2015-00-10T00:00:00Z",
        "2015-08-30T24:00:00Z", "2015-08-30T12:60:00Z", "2015-08-30T12:36:00.Z", "2015-08-30T12:36:00Zx", "2015-08-30T12:36:00+2",
        "2015-08-30T12:36:00+02:", "2015-08-30T12:36:00+02:60", "+015-08-30T12:36:00Z", "٢٠١٥-08-30T12:36:00Z", "1440938160",
    ])
    func `What is not a date`(text: String) {
        #expect(AWSDate(iso8601: text) == nil)
    }

    @Test(arguments: [
        ("Fri, 24 May 2013 00:00:00 GMT", 1_369_353_600 as Int?), ("Thu, 01 Jan 1970 00:00:01 GMT", 1),
        ("Fri, 24 may 2013 00:00:00 GMT", nil), ("Friday, 24-May-13 00:00:00 GMT", nil), ("Fri, 24 May 2013 00:00:00 CET", nil),
        ("Fri, 4 May 2013 00:00:00 GMT", nil), ("Fri, 31 Jun 2013 00:00:00 GMT", nil), ("", nil),
    ])
    func `HTTP's form`(text: String, seconds: Int?) {
        #expect(AWSDate(http: text)?.secondsSince1970 == seconds)
    }

    @Test func `Written`() {
        let date = AWSDate(secondsSince1970: 1_440_938_160)
        #expect([date.basic, date.basicDay, date.description] == ["20150830T123600Z", "20150830", "2015-08-30T12:36:00Z"])
    }

    @Test func `Far dates do not trap`() {
        let (first, last) = (AWSDate(secondsSince1970: .min), AWSDate(secondsSince1970: .max))
        #expect(last.adding(seconds: 1) == last)
        #expect(first.adding(seconds: -1) == first)
        #expect(last.seconds(since: first) == .max)
        #expect(first.seconds(since: last) == .min)
        #expect(!last.description.isEmpty)
    }
}

@Suite struct AWSClockTests {
    private let machine = AWSDate(secondsSince1970: 1_369_350_000)

    /// The machine is an hour behind.
    private func correct(code: String, date: String?, signedAt: AWSDate? = nil) -> (helps: Bool, correction: Int) {
        let clock = AWSClock { [machine] in machine }
        var headers = HTTPHeaders()
        headers["date"] = date
        let helps = clock.correct(code: code, headers: headers, signedAt: signedAt ?? clock.now)
        #expect(clock.now == machine.adding(seconds: clock.correctionSeconds))
        return (helps, clock.correctionSeconds)
    }

    @Test(arguments: [
        ("RequestTimeTooSkewed", "Fri, 24 May 2013 00:00:00 GMT", true, 3600),
        ("SignatureDoesNotMatch", "Fri, 24 May 2013 00:00:00 GMT", true, 3600),
        // A wrong key: the time was right.
        ("SignatureDoesNotMatch", "Thu, 23 May 2013 23:01:00 GMT", false, 0),
        ("AccessDenied", "Fri, 24 May 2013 00:00:00 GMT", false, 0),
        ("RequestTimeTooSkewed", "yesterday", false, 0),
        ("RequestTimeTooSkewed", nil, false, 0),
    ])
    func `Skew`(code: String, date: String?, helps: Bool, correction: Int) {
        #expect(correct(code: code, date: date) == (helps, correction))
    }

    @Test func `A request signed before another one corrected the clock is worth a second try`() {
        let clock = AWSClock { [machine] in machine }
        var headers = HTTPHeaders()
        headers["Date"] = "Fri, 24 May 2013 00:00:00 GMT"
        let early = clock.now
        #expect(clock.correct(code: "RequestTimeTooSkewed", headers: headers, signedAt: early))
        #expect(clock.correct(code: "RequestTimeTooSkewed", headers: headers, signedAt: early))
        #expect(!clock.correct(code: "RequestTimeTooSkewed", headers: headers, signedAt: clock.now))
    }
}
