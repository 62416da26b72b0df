internal import ArgumentParser

/// `tideway trace sources`: public traces that a user may fetch.
struct TraceSourcesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources",
        abstract: "List public traces: what they are, where they lie, their licence, and how to use them.",
        discussion: "Nothing is downloaded. Check the licence at its origin before you use a trace.")

    func run() {
        for source in TraceSource.all {
            print(source.name)
            print("  \(source.content)")
            print("  from     \(source.address)")
            print("  licence  \(source.licence)")
            for line in source.commands { print("  $ \(line)") }
            print("")
        }
        print(
            "Any other table with a header line works too: timestamp[,prompt_tokens][,output_tokens]; see docs/traces.md."
        )
    }
}

/// A public trace.
struct TraceSource {
    let name: String
    let content: String
    let address: String
    let licence: String
    /// What converts it, or reads it as it is.
    let commands: [String]

    /// In the order in which most users will want them.
    static let all = [
        TraceSource(
            name: "Azure LLM inference 2023 (code, conversation)",
            content: "8,819 and 19,366 requests of one hour; code is very bursty. Arrival, prompt and output tokens.",
            address: "https://github.com/Azure/AzurePublicDataset, data/AzureLLMInferenceTrace_{code,conv}.csv",
            licence: "CC-BY-4.0; cite Splitwise (ISCA 2024)",
            commands: ["tideway trace inspect AzureLLMInferenceTrace_code.csv"]),
        TraceSource(
            name: "Azure LLM inference 2024 (one week: code, conversation)",
            content: "16.8 and 27.3 million requests of a week in May 2024, with days and a weekend.",
            address: "https://github.com/Azure/AzurePublicDataset, release dataset-llm-2024",
            licence: "CC-BY-4.0; cite DynamoLLM (HPCA 2025)",
            commands: [
                "tideway trace transform AzureLLMInferenceTrace_code_1week.csv --from 1d --to 2d --scale 0.1 "
                    + "--out azure-day.csv.gz"
            ]),
        TraceSource(
            name: "Azure LMM inference 2025 (multimodal week)",
            content: "Requests with images; token counts and arrival are used.",
            address: "https://github.com/Azure/AzurePublicDataset, data/AzureLMMInferenceTrace_multimodal.csv.gz",
            licence: "CC-BY-4.0",
            commands: ["tideway trace inspect AzureLMMInferenceTrace_multimodal.csv.gz"]),
        TraceSource(
            name: "BurstGPT",
            content:
                "5.29 and 5.34 million requests of 121 and 110 days, with sessions; failed ones have 0 output tokens.",
            address: "https://github.com/HPMLL/BurstGPT, release v1.2",
            licence: "CC-BY-4.0",
            commands: ["tideway trace transform BurstGPT_1.csv --from 10d --to 17d --out burstgpt-week.csv.gz"]),
        TraceSource(
            name: "Mooncake (FAST 2025): conversation, tool and agent, synthetic",
            content:
                "12,031 conversation requests of an hour with long prompts and prefix blocks. The clock ticks in steps of 3 s.",
            address: "https://github.com/kvcache-ai/Mooncake, FAST25-release/traces/",
            licence: "Apache-2.0",
            commands: ["tideway trace transform conversation_trace.jsonl --spread 3s --out mooncake.csv.gz"]),
        TraceSource(
            name: "Qwen-Bailian usage",
            content: "Two hours of a model service with prefix blocks of 16 tokens.",
            address: "https://github.com/alibaba-edu/qwen-bailian-usagetraces-anon",
            licence: "Apache-2.0",
            commands: ["tideway trace inspect qwen_traceA_blksz_16.jsonl"]),
        TraceSource(
            name: "ServeGen (Qwen production, 14 days)",
            content: "Rates, burstiness and length distributions per client; its own generator writes requests.",
            address: "https://github.com/alibaba/ServeGen",
            licence: "Apache-2.0",
            commands: ["tideway trace inspect servegen.csv   # timestamp,input_tokens,output_tokens"]),
        TraceSource(
            name: "Your own Prometheus history",
            content: "Any request counter of a gateway or engine, for example vllm:request_success_total.",
            address:
                "GET /api/v1/query_range?query=sum(rate(vllm:request_success_total[1m]))&start=...&end=...&step=60",
            licence: "yours",
            commands: [
                "tideway trace transform answer.json --unit rps --prompt-tokens 1000 --output-tokens 200 --out mine.csv.gz"
            ]),
    ]
}
