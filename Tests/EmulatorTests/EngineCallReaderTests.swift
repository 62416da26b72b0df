import Foundation
import Testing

@testable import Emulator

@Suite struct EngineCallReaderTests {
    private let reader = EngineCallReader(modelName: "m")

    private func chat(_ fields: String) throws -> EngineCall {
        try reader.chat(Data(#"{"model":"m","messages":[{"role":"user","content":"12345678"}]\#(fields)}"#.utf8))
    }

    @Test func chat_text_countsFourBytesAToken() throws {
        #expect(try chat("").request.promptTokens == 2)
        let parts =
            #"{"messages":[{"content":[{"type":"text","text":"12345"},{"type":"image_url"}]},{"content":null}]}"#
        #expect(try reader.chat(Data(parts.utf8)).request.promptTokens == 2)
    }

    @Test func chat_limits_areHeeded() throws {
        #expect(try chat("").request.outputTokens == nil)
        #expect(try chat(#","max_tokens":7"#).request.outputTokens == 7)
        #expect(try chat(#","max_tokens":7,"max_completion_tokens":9"#).request.outputTokens == 9)
        #expect(try chat(#","max_tokens":null"#).request.outputTokens == nil)
        #expect(try chat(#","ignore_eos":true"#).request.ignoresEnd)
    }

    @Test func chat_streaming_isHeeded() throws {
        let call = try chat(#","stream":true,"stream_options":{"include_usage":true}"#)
        #expect(call.isStreamed)
        #expect(call.includesUsage)
        #expect(try !chat(#","stream":false"#).isStreamed)
    }

    @Test func chat_statedTokens_winOverTheText() throws {
        #expect(try chat(#","x-tideway-prompt-tokens":900"#).request.promptTokens == 900)
        var reader = reader
        reader.promptTokensHeader = "700"
        reader.cachedTokensHeader = "64"
        let call = try reader.chat(Data(#"{"messages":[{"content":"a"}]}"#.utf8))
        #expect(call.request.promptTokens == 700)
        #expect(call.request.cachedTokens == 64)
        reader.promptTokensHeader = "many"
        #expect(throws: EngineError.self) { try reader.chat(Data(#"{"messages":[{"content":"a"}]}"#.utf8)) }
    }

    @Test(
        arguments: [
            ("", "invalid_json", nil), ("[]", "invalid_json", nil), ("{", "invalid_json", nil),
            ("{}", "invalid_value", "messages"), (#"{"messages":[]}"#, "invalid_value", "messages"),
            (#"{"messages":"a"}"#, "invalid_value", "messages"),
            (#"{"messages":[{"content":3}]}"#, "invalid_value", "messages"),
            (#"{"model":"other","messages":[{"content":"a"}]}"#, "model_not_found", "model"),
            (#"{"model":3,"messages":[{"content":"a"}]}"#, "invalid_value", "model"),
            (#"{"messages":[{"content":"a"}],"max_tokens":0}"#, "invalid_value", "max_tokens"),
            (#"{"messages":[{"content":"a"}],"max_tokens":1.5}"#, "invalid_value", "max_tokens"),
            (#"{"messages":[{"content":"a"}],"max_tokens":true}"#, "invalid_value", "max_tokens"),
            (#"{"messages":[{"content":"a"}],"max_tokens":"7"}"#, "invalid_value", "max_tokens"),
            (#"{"messages":[{"content":"a"}],"stream":1}"#, "invalid_value", "stream"),
            (#"{"messages":[{"content":"a"}],"n":2}"#, "invalid_value", "n"),
        ] as [(String, String, String?)])
    func chat_wrongBody_saysWhatIsWrong(body: String, code: String, parameter: String?) {
        #expect {
            try reader.chat(Data(body.utf8))
        } throws: { error in
            let error = error as? EngineError
            return error?.code == code && error?.parameter == parameter
        }
    }

    @Test func completion_promptForms_areCounted() throws {
        func tokens(_ prompt: String) throws -> Int {
            try reader.completion(Data(#"{"prompt":\#(prompt)}"#.utf8)).request.promptTokens
        }
        #expect(try tokens(#""123456789""#) == 3)
        #expect(try tokens("[1,2,3,4,5]") == 5)
        #expect(try tokens(#"["12345"]"#) == 2)
        #expect(try tokens("[[1,2,3]]") == 3)
        #expect(throws: EngineError.self) { try tokens(#"["a","b"]"#) }
        #expect(throws: EngineError.self) { try tokens("[]") }
        #expect(throws: EngineError.self) { try tokens("7") }
    }

    @Test func embedding_inputs_eachHaveAVectorOfTheirOwn() throws {
        let call = try reader.embedding(Data(#"{"input":["a","b","a"],"dimensions":2}"#.utf8))
        guard case .embedding(let form) = call.kind else { return #expect(Bool(false), "no embedding") }
        #expect(form.inputs[0] == form.inputs[2])
        #expect(form.inputs[0] != form.inputs[1])
        #expect(form.dimensions == 2)
        #expect(call.request.promptTokens == 3)
    }
}
