import Testing
import Timeline

@Suite struct FrameRateTests {
    @Test(arguments: [
        ("24", 24, 1), ("25", 25, 1), ("30000/1001", 30000, 1001), ("24000/1001", 24000, 1001), ("29.97", 30000, 1001),
        ("23.976", 24000, 1001), ("23.98", 24000, 1001), ("59.94", 60000, 1001), ("119.88", 120_000, 1001), ("12.5", 25, 2),
        ("30.0", 30, 1), ("60/2", 30, 1), ("1", 1, 1), ("240", 240, 1), ("29.9", 299, 10), ("23.976023976", 24000, 1001),
        ("24.000", 24, 1), ("14.985", 15000, 1001),
    ])
    func reads(_ text: String, _ numerator: Int, _ denominator: Int) throws {
        let rate = try #require(FrameRate(parsing: text))
        #expect(rate.numerator == numerator && rate.denominator == denominator)
        #expect(FrameRate(parsing: rate.description) == rate)
    }

    @Test(arguments: [
        "", "0", "0.5", "241", "240.5", "-24", "24/0", "0/1", "24/1/1", "a", "24fps", "1e2", "24.", ".5", "30000/",
        "99999999999999999999", "240000001/1000001", " 24", "+24", "inf", "nan", "24.0000000000000000000000000", "２４",
    ])
    func refuses(_ text: String) { #expect(FrameRate(parsing: text) == nil) }

    @Test(arguments: ["24", "25", "29.97", "23.976", "59.94", "240", "12.5"])
    func everyFrameOfADayIsFoundAgain(_ text: String) throws {
        let rate = try #require(FrameRate(parsing: text))
        let frames = rate.frame(atSeconds: 86_400)
        for frame in stride(from: 0, through: frames, by: 97) {
            let seconds = rate.seconds(ofFrame: frame)
            #expect(rate.frame(atSeconds: seconds) == frame)
            // Just short of half a frame to either side.
            #expect(rate.frame(atSeconds: seconds + 0.499 / rate.framesPerSecond) == frame)
            if frame > 0 { #expect(rate.frame(atSeconds: seconds - 0.499 / rate.framesPerSecond) == frame) }
        }
    }

    @Test func exactAfterAnHour() throws {
        let ntsc = try #require(FrameRate(parsing: "29.97"))
        #expect(ntsc.frame(atSeconds: 3600) == 107_892)  // 3600 × 30000 / 1001 = 107892.1
        #expect(ntsc.frame(atSeconds: 3599) == 107_862)  // 107862.14
        #expect(fps24.frame(atSeconds: 3599) == 86_376)
        #expect(ntsc.seconds(ofFrame: 30_000) == 1001)
        #expect(ntsc.seconds(ofFrame: 107_892) == 3599.9964)
    }

    @Test func halvesGoAwayFromZero() {
        #expect(fps24.frame(atSeconds: 0.5 / 24 * 3) == 2)
        let one = FrameRate(numerator: 1, denominator: 1)!
        #expect(one.frame(atSeconds: 0.5) == 1 && one.frame(atSeconds: 1.5) == 2 && one.frame(atSeconds: 2.5) == 3)
    }

    @Test func hostileTimesGiveFrames() {
        #expect(fps24.frame(atSeconds: .nan) == 0)
        #expect(fps24.frame(atSeconds: .infinity) == 1 << 53)
        #expect(fps24.frame(atSeconds: -.infinity) == -(1 << 53))
    }
}
