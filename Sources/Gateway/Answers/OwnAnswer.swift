/// An answer that the gateway gives by itself.
struct OwnAnswer {
    var status: Int
    var contentType = "application/json"
    var headers: [(name: String, value: String)] = []
    var body: String

    /// An error in the shape of OpenAI's.
    ///
    /// - Parameters:
    ///   - refusal: why.
    ///   - detail: added to the message, with a space between.
    init(_ refusal: Refusal, detail: String = "") {
        status = refusal.status
        headers = [("x-tideway-reason", refusal.rawValue)]
        if let seconds = refusal.retryAfterSeconds { headers.append(("retry-after", String(seconds))) }
        if status == 401 { headers.append(("www-authenticate", "Bearer")) }
        let message = detail.isEmpty ? refusal.message : refusal.message + " " + detail
        body = """
            {"error":{"message":\(jsonString(message)),"type":\(jsonString(refusal.type)),"param":null,\
            "code":\(jsonString(refusal.openAICode))}}
            """
    }

    init(json: String) {
        status = 200
        body = json
    }

    init(text: String) {
        status = 200
        contentType = "text/plain; version=0.0.4; charset=utf-8"
        body = text
    }

    /// The answer as bytes of HTTP/1.1.
    func serialized(isHEAD: Bool, keepsAlive: Bool, requestID: String) -> String {
        var text = "HTTP/1.1 \(status) \(reasonPhrase(status))\r\ncontent-type: \(contentType)\r\n"
        text += "content-length: \(body.utf8.count)\r\nx-request-id: \(requestID)\r\n"
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        text += keepsAlive ? "\r\n" : "connection: close\r\n\r\n"
        return isHEAD ? text : text + body
    }
}
