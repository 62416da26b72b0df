import Testing

@testable import Gateway

/// What is found in a body without decoding it.
struct BodyScannerTests {
    static let cases: [(body: String, model: String?, tokens: Int?)] = [
        (#"{"model":"a"}"#, "a", nil),
        (#" { "max_tokens" : 12 , "model" : "a/b" } "#, "a/b", 12),
        (#"{"model":"a","max_completion_tokens":7}"#, "a", 7),
        (#"{"max_tokens":5,"max_completion_tokens":7,"model":"a"}"#, "a", 7),
        (#"{"messages":[{"model":"no","content":"\"model\":\"no\""}],"model":"yes"}"#, "yes", nil),
        (#"{"a":{"model":"no","b":[{"max_tokens":9}]},"model":"yes"}"#, "yes", nil),
        (#"{"x":"model","model":"yes"}"#, "yes", nil),
        (#"{"x":"\\","model":"yes"}"#, "yes", nil),
        (#"{"x":"\\\"","model":"yes"}"#, "yes", nil),
        (#"{"model":"no","model":"last"}"#, "last", nil),
        (#"{"model":"a\/b\u0041\n"}"#, "a/bA\n", nil),
        (#"{"model":17}"#, nil, nil),
        (#"{"model":null,"max_tokens":null}"#, nil, nil),
        (#"{"model":{"name":"no"}}"#, nil, nil),
        (#"{"model":["no"]}"#, nil, nil),
        (#"[{"model":"no"}]"#, nil, nil),
        (#""model""#, nil, nil),
        (#"{"max_tokens":-5,"model":"a"}"#, "a", nil),
        (#"{"model":"a"}{"model":"b"}"#, "a", nil),
        ("", nil, nil),
        ("no json", nil, nil),
        (#"{"model":"\#(String(repeating: "m", count: 257))"}"#, nil, nil),
        (#"{"model":"\#(String(repeating: "m", count: 256))"}"#, String(repeating: "m", count: 256), nil),
        (#"{"p":"\#(String(repeating: "long text ", count: 300))\"","model":"a"}"#, "a", nil),
    ]

    @Test(arguments: cases)
    func members_areFoundAtTheTopOnly(body: String, model: String?, tokens: Int?) {
        var scanner = BodyScanner()
        Array(body.utf8).withUnsafeBytes { scanner.consume($0) }
        #expect(scanner.model == model)
        #expect(tokens == nil || scanner.outputTokens == tokens)
    }

    /// Every division of the body into buffers of random sizes gives the same.
    @Test(arguments: cases, [1, 2, 3, 4, 5])
    func members_inAnyDivision_areTheSame(
        sample: (body: String, model: String?, tokens: Int?), seed: UInt64
    ) {
        var state = seed
        var scanner = BodyScanner()
        var rest = Array(sample.body.utf8)[...]
        while !rest.isEmpty {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let count = min(Int(state >> 60) + 1, rest.count)
            Array(rest.prefix(count)).withUnsafeBytes { scanner.consume($0) }
            rest = rest.dropFirst(count)
        }
        #expect(scanner.model == sample.model)
    }

    /// Bytes that are no JSON never trap.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func bytes_atRandom_doNotTrap(seed: UInt64) {
        let letters = Array(#"{}[]",:\model1u "#.utf8)
        var state = seed
        let bytes = (0..<300).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return letters[Int(state >> 33) % letters.count]
        }
        var scanner = BodyScanner()
        bytes.withUnsafeBytes { scanner.consume($0) }
        #expect((scanner.model?.utf8.count ?? 0) <= BodyScanner.modelByteLimit * 3)
    }
}
