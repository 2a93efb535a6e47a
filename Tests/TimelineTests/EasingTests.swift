import Foundation
import TestSupport
import Testing
import Timeline

@Suite struct EasingTests {
    static let all: [Easing] = [
        .linear, .easeIn, .easeOut, .easeInOut, .gentle, Easing(x1: 0, y1: 1, x2: 1, y2: 0)!, Easing(x1: 1, y1: 0, x2: 0, y2: 1)!,
        Easing(x1: 0, y1: 0, x2: 0, y2: 1)!, Easing(x1: 1, y1: 1, x2: 1, y2: 1)!, Easing(x1: 0, y1: 1, x2: 0, y2: 1)!,
        Easing(x1: 1, y1: 0, x2: 1, y2: 0)!, Easing(x1: 0.3, y1: 0.7, x2: 0.2, y2: 0.1)!,
    ]

    @Test(arguments: all) func neverGoesBackward(_ easing: Easing) {
        var last = 0.0
        for step in 0...10_000 {
            let value = easing(Double(step) / 10_000)
            #expect(value >= last - 1e-14 && value <= 1)
            last = value
        }
        #expect(easing(0) == 0 && easing(1) == 1 && easing(-1) == 0 && easing(2) == 1)
        #expect(easing(.nan) >= 0)
    }

    @Test(arguments: all) func liesOnItsCurve(_ easing: Easing) {
        // From the parameter to the point is arithmetic; the easing must find the way back.
        for step in 1..<1000 {
            let t = Double(step) / 1000
            let s = 1 - t
            let x = 3 * s * s * t * easing.x1 + 3 * s * t * t * easing.x2 + t * t * t
            let y = 3 * s * s * t * easing.y1 + 3 * s * t * t * easing.y2 + t * t * t
            // Where the curve is steep, rounding of x alone moves y.
            let dx = 3 * s * s * easing.x1 + 6 * s * t * (easing.x2 - easing.x1) + 3 * t * t * (1 - easing.x2)
            guard dx > 1e-3 else { continue }
            #expect(abs(easing(x) - y) < 1e-12)
        }
    }

    @Test(arguments: [
        ("linear", Easing.linear), ("ease-in", .easeIn), ("ease-out", .easeOut), ("ease-in-out", .easeInOut), ("gentle", .gentle),
        ("cubic-bezier(0.42, 0, 0.58, 1)", .easeInOut), ("cubic-bezier(.42,0,.58,1)", .easeInOut),
    ])
    func reads(_ text: String, _ easing: Easing) {
        #expect(Easing(parsing: text) == easing)
        #expect(Easing(parsing: easing.description) == easing)
    }

    @Test(arguments: [
        "", "ease", "cubic-bezier()", "cubic-bezier(0,0,1)", "cubic-bezier(0,0,1,1,1)", "cubic-bezier(0,-0.1,1,1)",
        "cubic-bezier(0,0,1,1.1)", "cubic-bezier(nan,0,1,1)", "cubic-bezier(0,0,1,1", "cubic-bezier(0,,1,1)",
    ])
    func refuses(_ text: String) { #expect(Easing(parsing: text) == nil) }

    @Test func portableFunctionsAgreeWithTheCLibrary() {
        func check(_ name: String, _ mine: Double, _ reference: Double, at x: Double) {
            let tolerance = max(abs(reference) * 1e-15, .leastNormalMagnitude)
            #expect(abs(mine - reference) <= tolerance, "\(name)(\(x)): \(mine), not \(reference)")
        }
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<5000 {
            let magnitude = Foundation.pow(10, Double.random(in: -12...1.4, using: &generator))
            for x in [magnitude, -magnitude] {
                check("exp", PortableMath.exp(x), Foundation.exp(x), at: x)
                check("expm1", PortableMath.expm1(x), Foundation.expm1(x), at: x)
                check("sinh", PortableMath.sinh(x), Foundation.sinh(x), at: x)
                check("cosh", PortableMath.cosh(x), Foundation.cosh(x), at: x)
                check("asinh", PortableMath.asinh(x), Foundation.asinh(x), at: x)
            }
            check("log", PortableMath.log(magnitude), Foundation.log(magnitude), at: magnitude)
            check("log", PortableMath.log(1 + magnitude), Foundation.log(1 + magnitude), at: 1 + magnitude)
        }
        for x in [1e15, 1e100, 1e300] { check("asinh", PortableMath.asinh(x), Foundation.asinh(x), at: x) }
    }
}
