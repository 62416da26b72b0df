internal import Glibc

/// Calls of Linux that the Glibc module does not show. They are found by name at run time, so that an older C library
/// (without `pidfd_open`, say) still loads the program.
enum LinuxCalls {
    private typealias SystemCall = @convention(c) (Int, Int, Int, Int, Int) -> Int
    private typealias LimitCall =
        @convention(c) (pid_t, Int32, UnsafePointer<rlimit>?, UnsafeMutablePointer<rlimit>?) ->
        Int32
    private typealias AffinityCall = @convention(c) (pid_t, Int, UnsafeRawPointer) -> Int32
    private typealias CloseFromCall = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

    private static let systemCall = function("syscall", as: SystemCall.self)
    private static let limit = function("prlimit", as: LimitCall.self)
    private static let affinity = function("sched_setaffinity", as: AffinityCall.self)
    private static let closeFrom = function("posix_spawn_file_actions_addclosefrom_np", as: CloseFromCall.self)

    /// These numbers are the same on every architecture that has them.
    private static let processDescriptorOpen = 434
    private static let processDescriptorSignal = 424

    private static func function<Function>(_ name: String, as type: Function.Type) -> Function? {
        dlsym(nil, name).map { unsafeBitCast($0, to: type) }
    }

    /// A descriptor that becomes readable when the process ends; nil when there is no such process or no such call.
    static func openProcess(_ pid: Int32) -> Descriptor? {
        let number = systemCall?(processDescriptorOpen, Int(pid), 0, 0, 0) ?? -1
        return number < 0 ? nil : Descriptor(Int32(number))
    }

    /// Sends a signal to exactly the process that the descriptor stands for, dead or alive; false when it is dead.
    static func signal(_ process: Descriptor, _ signal: Int32) -> Bool {
        systemCall?(processDescriptorSignal, Int(process.number), Int(signal), 0, 0) == 0
    }

    /// Limits the writable private memory of a process (RLIMIT_DATA). False when it is not permitted.
    static func limitData(of pid: Int32, bytes: Int) -> Bool {
        var value = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
        return limit?(pid, Int32(RLIMIT_DATA.rawValue), &value, nil) == 0
    }

    /// Lets a process run on these cores only. False when it is not permitted.
    static func pin(_ pid: Int32, toCores cores: [Int]) -> Bool {
        var mask = [UInt64](repeating: 0, count: 16)
        for core in cores where core < mask.count * 64 { mask[core / 64] |= 1 << UInt64(core % 64) }
        return affinity?(pid, mask.count * 8, mask) == 0
    }

    /// Closes, in the child, every descriptor from `first` on.
    static func addCloseFrom(_ first: Int32, to actions: inout posix_spawn_file_actions_t) {
        if let closeFrom, closeFrom(&actions, first) == 0 { return }
        for number in openDescriptors() where number >= first {
            posix_spawn_file_actions_addclose(&actions, number)
        }
    }

    private static func openDescriptors() -> [Int32] {
        folderEntries("/proc/self/fd").compactMap { Int32($0) }
    }
}
