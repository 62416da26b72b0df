internal import NIOCore
internal import NIOHTTP1
internal import Traces

/// Makes the bytes of requests. The prompt's text is shared by all: nothing is copied for each.
struct RequestWriter {
    /// What is sent: the head, and the body in pieces.
    struct Message {
        var head: HTTPRequestHead
        var body: [ByteBuffer]
    }

    private let target: LoadTarget
    private let headers: HTTPHeaders
    private let models: [String]
    private let bytesPerToken: Int
    private let streams: Bool
    private let filler: ByteBuffer

    init(_ plan: LoadPlan) {
        target = plan.target
        models = plan.workloads.map { RequestWriter.quoted($0.model) }
        bytesPerToken = plan.bytesPerToken
        streams = plan.streams && plan.target.question != .embedding
        var longest: UInt32 = 1
        for workload in plan.workloads { workload.trace.forEach { longest = max(longest, $0.promptTokens) } }
        filler = ByteBuffer(bytes: PromptText(bytesMax: Int(longest) * plan.bytesPerToken).filler)
        var headers = HTTPHeaders([
            ("host", target.authority), ("user-agent", "tideway-load"), ("content-type", "application/json"),
        ])
        if let key = plan.apiKey { headers.add(name: "authorization", value: "Bearer \(key)") }
        self.headers = headers
    }

    func message(for request: PlannedRequest) -> Message {
        let (before, after) = frame(request)
        let promptBytes = request.promptTokens * bytesPerToken
        var first = ByteBuffer(string: before)
        let mark = PromptText.mark(request.number, bytesMax: promptBytes)
        first.writeBytes(mark)
        var body = [first]
        if let rest = filler.getSlice(at: filler.readerIndex, length: promptBytes - mark.count) { body.append(rest) }
        body.append(ByteBuffer(string: after))
        var headers = headers
        headers.add(name: "content-length", value: String(body.reduce(0) { $0 + $1.readableBytes }))
        headers.add(name: "x-tideway-prompt-tokens", value: String(request.promptTokens))
        return Message(
            head: HTTPRequestHead(version: .http1_1, method: .POST, uri: target.path, headers: headers), body: body)
    }

    /// The body's text before and after the prompt.
    private func frame(_ request: PlannedRequest) -> (before: String, after: String) {
        let model = "{\"model\":\(models[request.workload])"
        let streaming = streams ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : ""
        let limits = ",\"max_tokens\":\(request.outputTokens),\"ignore_eos\":true\(streaming)"
        switch target.question {
        case .completion:
            return (model + limits + ",\"prompt\":\"", "\"}")
        case .chat:
            return (model + limits + ",\"messages\":[{\"role\":\"user\",\"content\":\"", "\"}]}")
        case .embedding:
            return (model + ",\"input\":\"", "\"}")
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\0"..<" ": quoted += " "
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
