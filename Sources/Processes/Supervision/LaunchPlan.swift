internal import Configuration
internal import Fleet
internal import Foundation
internal import Runtime

/// One replica's command, environment and folder with everything filled in.
struct LaunchPlan {
    /// Variables that replicas inherit. Nothing else passes: the controller's environment may hold keys.
    static let inheritedNames: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "VIRTUAL_ENV", "HF_HOME",
    ]
    static let inheritedPrefixes = ["LC_", "CUDA_", "NVIDIA_", "ROCR_", "HIP_", "HSA_"]

    var name: ReplicaName
    var port: Int
    var folder: String
    var mark: String
    var accelerators: [Int]

    /// `inherited`: the environment of this process.
    func request(_ settings: ProcessSettings, inherited: [String: String], logFile: String) -> SpawnRequest {
        SpawnRequest(
            command: settings.command.map(fill), environment: environment(settings, inherited: inherited),
            workingFolder: settings.workingFolder.map(fill) ?? folder, logFile: logFile)
    }

    private func environment(_ settings: ProcessSettings, inherited: [String: String]) -> [String] {
        let list = accelerators.map(String.init).joined(separator: ",")
        var variables = inherited.filter { name, _ in
            Self.inheritedNames.contains(name) || Self.inheritedPrefixes.contains { name.hasPrefix($0) }
        }
        variables["CUDA_VISIBLE_DEVICES"] = list
        variables.merge(settings.environment.mapValues(fill)) { $1 }
        variables["TIDEWAY_ACCELERATORS"] = list
        variables[ProcessTable.marker] = mark
        return variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    private func fill(_ text: String) -> String {
        text.replacing("{port}", with: "\(port)").replacing("{replica}", with: "\(name.replica.number)")
            .replacing("{workload}", with: "\(name.workload)").replacing("{folder}", with: folder)
    }
}
