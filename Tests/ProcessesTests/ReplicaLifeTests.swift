import Configuration
import Fleet
import Glibc
import Testing

@testable import Processes

private func at(_ seconds: Double) -> Instant { Instant(seconds: seconds) }

private func limits() -> SupervisionLimits {
    var settings = ProcessSettings(command: ["server"])
    settings.readinessInterval = .milliseconds(100)
    settings.startDeadline = .seconds(10)
    settings.stopDeadline = .seconds(5)
    return SupervisionLimits(settings)
}

/// A life that was launched at second 0, and whose first probe is under way.
private func launched() -> ReplicaLife {
    var life = ReplicaLife(limits: limits())
    #expect(life.on(.launched, at: at(0)) == [.beginProbe])
    return life
}

private func ready() -> ReplicaLife {
    var life = launched()
    #expect(life.on(.probeAnswered(status: 200), at: at(0.01)) == [.reportReady])
    return life
}

struct ReplicaLifeTests {
    @Test func probe_slowAnswer_nextOneIsOnTheScheduleAllTheSame() {
        var life = launched()
        #expect(life.on(.probeAnswered(status: 503), at: at(0.23)) == [])
        #expect(life.wakeAt == at(0.30000000000000004))
        #expect(life.on(.timePassed, at: at(0.31)) == [.beginProbe])
    }

    @Test func probe_noAnswer_isAbandonedAfterItsLimit() {
        var life = launched()
        #expect(life.wakeAt == at(1))
        #expect(life.on(.timePassed, at: at(1)) == [.abandonProbe])
        #expect(life.on(.timePassed, at: at(1.2)) == [.beginProbe])
    }

    @Test func starting_pastItsDeadline_isStoppedAndHasFailed() {
        var life = launched()
        _ = life.on(.probeAnswered(status: 503), at: at(0.01))
        #expect(life.on(.timePassed, at: at(10)) == [.abandonProbe, .signal(SIGTERM)])
        let reason = "it was not ready within 10.0 s (startDeadline); the last answer was 503"
        #expect(life.on(.exited("exited with status 0"), at: at(10.1)) == [.end(.failed(reason))])
    }

    @Test func starting_exit_hasFailed() {
        var life = launched()
        let effects = life.on(.exited("exited with status 1"), at: at(2))
        #expect(effects == [.abandonProbe, .end(.failed("it exited with status 1 before it was ready"))])
    }

    @Test func ready_exit_isLost() {
        var life = ready()
        #expect(life.wakeAt == nil)
        #expect(life.on(.exited("exited with status 1"), at: at(2)) == [.end(.lost("it exited with status 1"))])
    }

    @Test func ready_cancel_stays() {
        var life = ready()
        #expect(life.on(.cancelOrdered, at: at(2)) == [])
        #expect(life.isReady)
    }

    @Test func stop_deadlinePasses_isKilledOnce() {
        var life = ready()
        #expect(life.on(.stopOrdered(deadline: nil), at: at(2)) == [.signal(SIGTERM)])
        #expect(life.wakeAt == at(7))
        #expect(life.on(.timePassed, at: at(7)) == [.signal(SIGKILL)])
        #expect(life.on(.timePassed, at: at(8)) == [])
        #expect(life.on(.exited("was ended by signal 9"), at: at(8)) == [.end(.stopped)])
    }

    @Test func stop_secondOrder_onlyHastens() {
        var life = ready()
        _ = life.on(.stopOrdered(deadline: 100), at: at(2))
        #expect(life.on(.stopOrdered(deadline: 1), at: at(3)) == [])
        #expect(life.wakeAt == at(4))
        #expect(life.on(.stopOrdered(deadline: 50), at: at(3)) == [])
        #expect(life.wakeAt == at(4))
    }

    @Test func probeAnswer_afterTheStop_changesNothing() {
        var life = launched()
        _ = life.on(.cancelOrdered, at: at(1))
        #expect(life.on(.probeAnswered(status: 200), at: at(1.1)) == [])
    }
}
