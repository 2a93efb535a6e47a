import Foundation
import Rendering
import Resampling
import Synchronization
import Testing
import Timeline

@Suite struct PicturePoolTests {
    /// Counts what is decoded, and what of it is still held.
    private final class Producer: Sendable {
        struct State { var decoded: [Int: Int] = [:]; var running: Set<Int> = []; var twiceAtOnce = false }
        let state = Mutex(State())
        let seconds: Double
        let failing: Set<Int>
        init(seconds: Double = 0, failing: Set<Int> = []) {
            self.seconds = seconds
            self.failing = failing
        }

        func produce(_ picture: Int, _ requests: [PlaneRequest]) throws -> [PlaneRequest: WorkingPicture] {
            state.withLock { state in
                if !state.running.insert(picture).inserted { state.twiceAtOnce = true }
                state.decoded[picture, default: 0] += 1
            }
            if seconds > 0 { usleep(UInt32(seconds * 1e6)) }
            defer { state.withLock { _ = $0.running.remove(picture) } }
            if failing.contains(picture) { throw Broken(picture: picture) }
            return Dictionary(uniqueKeysWithValues: requests.map { ($0, Self.planes(side: $0.width)) })
        }

        static func planes(side: Int) -> WorkingPicture {
            let half = (side + 1) / 2
            return WorkingPicture(
                luma: WorkingPlane(width: side, height: side) { _, _ in }, cb: WorkingPlane(width: half, height: half) { _, _ in },
                cr: WorkingPlane(width: half, height: half) { _, _ in })
        }

        var decoded: [Int: Int] { state.withLock { $0.decoded } }
    }

    private struct Broken: Error, Equatable { let picture: Int }

    private func request(_ picture: Int, side: Int = 16) -> PlaneRequest {
        PlaneRequest(picture: picture, fit: .cover, width: side, height: side)
    }

    @Test func eachFileIsDecodedOnce() throws {
        let producer = Producer()
        // Two sizes of picture 0, used far apart: made in one go.
        let items = [[request(0)], [request(0), request(1)], [request(1)], [request(1), request(0, side: 32)], [request(0, side: 32)]]
        let pool = PicturePool(items: items, budgetBytes: 1 << 30) { try producer.produce($0, $1) }
        for item in items.indices {
            let planes = try pool.lease(item)
            #expect(Set(planes.keys) == Set(items[item]))
            pool.release(item)
        }
        #expect(producer.decoded == [0: 1, 1: 1])
    }

    @Test func planesAreLetGoAfterTheirLastUse() throws {
        let producer = Producer()
        let items = [[request(0)], [request(0), request(1)], [request(1)]]
        let pool = PicturePool(items: items, budgetBytes: 1 << 30) { try producer.produce($0, $1) }
        weak var first: WorkingPlane?
        weak var second: WorkingPlane?
        for item in items.indices {
            let planes = try pool.lease(item)
            if item == 0 { first = planes[request(0)]?.luma }
            if item == 1 { second = planes[request(1)]?.luma }
            if item < 2 { #expect(first != nil) }
            _ = consume planes
            pool.release(item)
            #expect((first == nil) == (item >= 1))
        }
        #expect(second == nil)
    }

    @Test func theBudgetIsKept() throws {
        let producer = Producer()
        let one = Producer.planes(side: 64).byteCount
        // All ten come back at the end, so that none is over before.
        let items = (0..<10).map { [request($0, side: 64)] } + (0..<10).map { [request($0, side: 64)] }
        let pool = PicturePool(items: items, budgetBytes: 3 * one) { try producer.produce($0, $1) }
        let held = Held()
        for item in items.indices {
            let planes = try pool.lease(item)
            for picture in planes.values { held.add(picture.luma) }
            _ = consume planes
            pool.release(item)
            #expect(held.alive <= 3)
        }
        #expect(held.alive == 0)
        // What is needed soonest stayed: at least three of the second round's were there.
        let total = producer.decoded.values.reduce(0, +)
        #expect(total > 10 && total <= 17)
    }

    private final class Held {
        private struct Weak { weak var plane: WorkingPlane? }
        private var planes: [Weak] = []
        func add(_ plane: WorkingPlane) { planes.append(Weak(plane: plane)) }
        var alive: Int { Set(planes.compactMap { $0.plane.map(ObjectIdentifier.init) }).count }
    }

    @Test func leasedPlanesStayOverTheBudget() throws {
        let producer = Producer()
        let items = [[request(0), request(1), request(2)], [request(0)]]
        let pool = PicturePool(items: items, budgetBytes: 1) { try producer.produce($0, $1) }
        #expect(try pool.lease(0).count == 3)
        #expect(try pool.lease(1).count == 1)
        #expect(producer.decoded[0] == 1)
        pool.release(0)
        pool.release(1)
    }

    @Test func threadsNeverDecodeTheSameFileAtOnce() async throws {
        let producer = Producer(seconds: 0.002)
        let items = (0..<60).map { [request($0 / 12), request(5 + $0 / 20)] }
        for budget in [1 << 30, 1] {
            let pool = PicturePool(items: items, budgetBytes: budget) { try producer.produce($0, $1) }
            let next = Mutex(0)
            let run: @Sendable () throws -> Void = {
                while true {
                    let item = next.withLock { next in
                        defer { next += 1 }
                        return next
                    }
                    guard item < items.count else { return }
                    let planes = try pool.lease(item)
                    guard planes.count == 2 else { throw Broken(picture: -1) }
                    pool.release(item)
                }
            }
            let failures = Mutex(0)
            await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
                let group = DispatchGroup()
                for thread in 0..<4 {
                    DispatchQueue(label: "pool \(thread)").async(group: group) {
                        do { try run() } catch { failures.withLock { $0 += 1 } }
                    }
                }
                group.notify(queue: .global()) { done.resume() }
            }
            #expect(failures.withLock { $0 } == 0)
            if budget > 1 { #expect(producer.decoded.count == 8 && producer.decoded.values.allSatisfy { $0 == 1 }) }
        }
        #expect(!producer.state.withLock { $0.twiceAtOnce })
    }

    @Test func errorsReachWhoeverNeedsThePicture() throws {
        let producer = Producer(failing: [1])
        let items = [[request(0)], [request(0), request(1)], [request(1)]]
        let pool = PicturePool(items: items, budgetBytes: 1 << 30) { try producer.produce($0, $1) }
        #expect(try pool.lease(0).count == 1)
        #expect(throws: Broken(picture: 1)) { try pool.lease(1) }
        #expect(throws: Broken(picture: 1)) { try pool.lease(2) }
    }
}
