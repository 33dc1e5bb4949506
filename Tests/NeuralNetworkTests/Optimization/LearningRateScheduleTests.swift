import NeuralNetwork
import Testing

@Suite struct LearningRateScheduleTests {
    @Test func milestonesTakeEffectAtTheirIteration() {
        let schedule = LearningRateSchedule(base: 1e-4, decay: .steps(milestones: [200, 400], factor: 0.5))
        #expect(schedule.rate(at: 0) == 1e-4)
        #expect(schedule.rate(at: 199) == 1e-4)
        #expect(schedule.rate(at: 200) == 0.5e-4)
        #expect(schedule.rate(at: 399) == 0.5e-4)
        #expect(schedule.rate(at: 400) == 0.25e-4)
        #expect(schedule.rate(at: 1_000_000) == 0.25e-4)
        #expect(LearningRateSchedule(base: 2, decay: .steps(milestones: [], factor: 1)).rate(at: 5) == 2)
    }

    @Test func warmUpReachesTheBaseAtItsLastIteration() {
        let schedule = LearningRateSchedule(base: 8, warmup: 4, decay: .steps(milestones: [], factor: 1))
        #expect((0..<6).map { schedule.rate(at: $0) } == [2, 4, 6, 8, 8, 8])
    }

    @Test func theCosineBeginsAtTheBaseAndEndsAtTheFloor() {
        let schedule = LearningRateSchedule(
            base: 2, warmup: 10, decay: .cosine(start: 10, end: 110, floor: 0.1))
        #expect(schedule.rate(at: 9) == 2)
        #expect(schedule.rate(at: 10) == 2)
        #expect(abs(schedule.rate(at: 60) - 1.1) < 1e-12)
        #expect(abs(schedule.rate(at: 110) - 0.2) < 1e-12)
        #expect(schedule.rate(at: 5000) == schedule.rate(at: 110))
        let rates = (10...110).map { schedule.rate(at: $0) }
        #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test func theBaseIsHeldUntilTheCosineBegins() {
        let held = LearningRateSchedule(base: 3, warmup: 4, decay: .cosine(start: 20, end: 40, floor: 0))
        #expect((3...20).allSatisfy { held.rate(at: $0) == 3 })
        #expect(held.rate(at: 21) < 3)
        #expect(abs(held.rate(at: 30) - 1.5) < 1e-12)
        #expect(held.rate(at: 40) == 0)
    }

    @Test func aWarmUpAsLongAsTheRunLeavesNumbers() {
        let schedule = LearningRateSchedule(base: 1, warmup: 10, decay: .cosine(start: 10, end: 10, floor: 0))
        #expect(schedule.rate(at: 9) == 1)
        #expect(schedule.rate(at: 10) == 1)
        #expect(abs(schedule.rate(at: 11)) < 1e-12)
    }
}
