import Fleet
import Testing

struct UnitsTests {
    @Test func energy_joules_areShownInKilowattHours() {
        // 400 W for 9 hours = 3.6 kWh.
        #expect(Energy(joules: 400 * 9 * 3600).kilowattHours == 3.6)
        #expect(Energy(joules: 0).kilowattHours == 0)
    }

    @Test func units_compared_areInOrderOfTheirNumbers() {
        #expect(Energy(joules: 1) < Energy(joules: 2))
        #expect(Power(watts: 63) < Power(watts: 235))
        #expect(Price(perAcceleratorHour: 1.9) < Price(perAcceleratorHour: 2))
    }
}
