internal import Foundation

/// What the system says about one process.
struct ProcessUsage {
    let pid: Int

    /// Seconds of CPU that its threads have used so far, in user and in kernel mode, as the scheduler counts them: to the
    /// nanosecond, where `stat` has steps of 10 ms. Threads that ended are left out; a proxy at work has none.
    func cpuSeconds() throws -> Double {
        let folder = "/proc/\(pid)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let nanoseconds = try threads.reduce(0.0) { sum, thread in
            let text = try ProcessUsage.text("\(folder)/\(thread)/schedstat")
            guard let time = text.split(separator: " ").first.flatMap({ Double($0) }) else {
                throw BenchmarkError("\(folder)/\(thread)/schedstat is not understood")
            }
            return sum + time
        }
        guard nanoseconds > 0 else { throw BenchmarkError("\(folder) tells no time") }
        return nanoseconds / 1e9
    }

    /// Memory that it occupies now.
    func residentBytes() throws -> Int {
        let text = try ProcessUsage.text("/proc/\(pid)/status")
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw BenchmarkError("/proc/\(pid)/status does not tell VmRSS")
        }
        return kilobytes * 1024
    }

    /// A process whose parent and first argument are these.
    static func child(of parent: Int, named name: String) -> Int? {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int($0) }.first { pid in
            guard let fields = try? statistics(pid), fields.count > 1, Int(fields[1]) == parent else { return false }
            let arguments = (try? text("/proc/\(pid)/cmdline"))?.split(separator: "\0") ?? []
            return arguments.count > 1 && arguments[1] == name
        }
    }

    /// The fields behind the program's name, which may hold anything.
    private static func statistics(_ pid: Int) throws -> [Substring] {
        let text = try text("/proc/\(pid)/stat")
        guard let end = text.lastIndex(of: ")") else { return [] }
        return text[text.index(after: end)...].split(separator: " ")
    }

    private static func text(_ path: String) throws -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw BenchmarkError("\(path) cannot be read: the process has ended, or this is not Linux")
        }
        return text
    }
}
