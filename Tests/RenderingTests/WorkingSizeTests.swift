import Rendering
import Testing
import Timeline

@Suite struct WorkingSizeTests {
    private func request(_ picture: Int, _ width: Int, _ height: Int, _ fit: Fit = .cover) -> PlaneRequest {
        PlaneRequest(picture: picture, fit: fit, width: width, height: height)
    }

    @Test func usesOfNearlyOneSizeShareTheLargest() {
        let shared = WorkingSize.shared([request(0, 1000, 500), request(0, 800, 400), request(0, 500, 250)])
        #expect(shared[request(0, 1000, 500)] == request(0, 1000, 500))
        #expect(shared[request(0, 800, 400)] == request(0, 1000, 500))
        #expect(shared[request(0, 500, 250)] == request(0, 500, 250))
    }

    @Test func neitherPicturesNorFitsAreMixed() {
        let all = [request(0, 1000, 500), request(1, 1000, 500), request(0, 990, 495, .contain)]
        let shared = WorkingSize.shared(all)
        for use in all { #expect(shared[use] == use) }
    }

    @Test func doesNotDependOnTheOrder() {
        let all = [request(0, 1000, 500), request(0, 1000, 400), request(0, 720, 500), request(0, 700, 350), request(0, 350, 175)]
        let expected = WorkingSize.shared(all)
        #expect(expected.count == all.count)
        for turn in all.indices { #expect(WorkingSize.shared(Array(all[turn...] + all[..<turn])) == expected) }
        // Nothing is enlarged by more than √2, nor made smaller.
        for (use, planes) in expected { #expect(planes.width >= use.width && Double(planes.width) <= 1.4143 * Double(use.width)) }
    }
}
