/// Why the gateway itself answers a request, or why an answer ended early. Each has a stable code (the raw value), which
/// the header `x-tideway-reason`, the metrics and the access log show.
package enum Refusal: String, Error, CaseIterable, Sendable {
    case malformed = "bad-request"
    case ambiguousLength = "ambiguous-length"
    case unknownEncoding = "unknown-transfer-encoding"
    case unknownExpectation = "unknown-expectation"
    case unknownVersion = "unknown-http-version"
    case upgradeRefused = "upgrade-refused"
    case headerTooLarge = "header-too-large"
    case bodyTooLarge = "body-too-large"
    case receiveDeadline = "receive-deadline"
    case missingKey = "missing-api-key"
    case unknownKey = "unknown-api-key"
    case unknownModel = "unknown-model"
    case missingModel = "missing-model"
    case unknownRoute = "unknown-route"
    case bodiesFull = "bodies-full"
    case queueFull = "queue-full"
    case queueBytesFull = "queue-bytes-full"
    case queueDeadline = "queue-deadline"
    case stopping = "stopping"
    case tooManyConnections = "too-many-connections"
    case upstreamFailed = "upstream-failed"
    case upstreamInvalid = "upstream-invalid"
    case firstByteDeadline = "first-byte-deadline"
    /// The client went before its answer was complete.
    case clientGone = "client-gone"
    /// The replica cut its answer after the first byte.
    case upstreamCut = "upstream-cut"
    case progressDeadline = "progress-deadline"

    /// The status that a client sees; 499 is seen in logs and metrics only.
    package var status: Int {
        switch self {
        case .malformed, .ambiguousLength, .missingModel: 400
        case .missingKey, .unknownKey: 401
        case .unknownModel, .unknownRoute: 404
        case .receiveDeadline: 408
        case .bodyTooLarge: 413
        case .unknownExpectation: 417
        case .queueFull, .queueBytesFull: 429
        case .headerTooLarge: 431
        case .clientGone: 499
        case .unknownEncoding, .upgradeRefused: 501
        case .upstreamFailed, .upstreamInvalid, .upstreamCut: 502
        case .queueDeadline, .stopping, .tooManyConnections, .bodiesFull: 503
        case .firstByteDeadline, .progressDeadline: 504
        case .unknownVersion: 505
        }
    }

    /// Seconds after which a client may try again; nil when trying again does not help.
    var retryAfterSeconds: Int? {
        switch status {
        case 429: 1
        case 503: 2
        default: nil
        }
    }

    /// The rest of the request is not read: the connection ends with the answer.
    var closesConnection: Bool {
        switch self {
        case .unknownModel, .missingModel, .unknownRoute, .queueFull, .queueBytesFull, .queueDeadline, .upstreamFailed,
            .upstreamInvalid, .firstByteDeadline:
            false
        default: true
        }
    }

    /// Nothing was wrong with the request: there was no room, or no time.
    var isForLackOfRoom: Bool { status == 429 || status == 503 }

    /// What a person reads.
    var message: String {
        switch self {
        case .malformed: "The request is not valid HTTP/1.1."
        case .ambiguousLength: "The request states the length of its body twice; send either Content-Length or chunks."
        case .unknownEncoding: "The only Transfer-Encoding that is understood is 'chunked'."
        case .unknownExpectation: "The only expectation that is understood is '100-continue'."
        case .unknownVersion: "Use HTTP/1.1."
        case .upgradeRefused: "This connection speaks HTTP/1.1 only: no upgrade, no tunnel."
        case .headerTooLarge: "The header of the request is too large; the limit is gateway.headerByteLimit."
        case .bodyTooLarge: "The body of the request is too large; the limit is gateway.bodyByteLimit."
        case .receiveDeadline: "The request did not arrive in time; the limit is gateway.receiveDeadline."
        case .missingKey: "Send an API key in the header 'Authorization: Bearer KEY'."
        case .unknownKey: "The API key is not valid."
        case .unknownModel: "The model does not exist."
        case .missingModel: "The body of the request names no model; set \"model\"."
        case .unknownRoute: "Nothing is served at this path."
        case .bodiesFull: "Too many bytes of requests are held already. Try again later."
        case .queueFull: "Too many requests wait already. Try again later."
        case .queueBytesFull: "The requests that wait are too large together. Try again later."
        case .queueDeadline: "No replica could take the request in time. Try again later."
        case .stopping: "The gateway is stopping. Try again."
        case .tooManyConnections: "Too many connections are open. Try again later."
        case .upstreamFailed: "The replicas that were tried did not answer."
        case .upstreamInvalid: "A replica answered with invalid HTTP."
        case .firstByteDeadline: "The replica did not begin to answer in time."
        case .clientGone: "The client closed the connection."
        case .upstreamCut: "The replica cut its answer."
        case .progressDeadline: "The answer made no progress."
        }
    }

    /// The kind of error in OpenAI's words.
    var type: String {
        switch status {
        case 401: "authentication_error"
        case 429: "rate_limit_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }

    /// OpenAI's code where it has one, so that its clients react as to OpenAI.
    var openAICode: String {
        switch self {
        case .unknownModel: "model_not_found"
        case .missingKey, .unknownKey: "invalid_api_key"
        default: rawValue
        }
    }
}
