package dev.olla.dialect;

import java.util.List;

/// A question of an Anthropic client about the weather, and a server of OpenAI's format that thinks, speaks and
/// calls a tool.
public final class WorkedExample {

    public static final String REQUEST = """
            {"model":"qwen3:8b","max_tokens":512,"stream":true,"system":"You plan trips.",
             "messages":[{"role":"user","content":"Weather in Oslo?"}],
             "tools":[{"name":"get_weather","description":"Look up weather",
                       "input_schema":{"type":"object","properties":{"city":{"type":"string"}}}}]}""";

    public static final String ASKED = """
            {"model":"qwen3:8b","messages":[{"role":"system","content":"You plan trips."},\
            {"role":"user","content":"Weather in Oslo?"}],"max_tokens":512,"tools":[{"type":"function",\
            "function":{"name":"get_weather","description":"Look up weather","parameters":\
            {"type":"object","properties":{"city":{"type":"string"}}}}}],"stream":true,\
            "stream_options":{"include_usage":true}}""";

    public static final List<String> CHUNKS = List.of(
            "{\"model\":\"qwen3:8b\",\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}",
            "{\"choices\":[{\"delta\":{\"reasoning\":\"Need a tool.\"}}]}",
            "{\"choices\":[{\"delta\":{\"content\":\"Checking.\"}}]}",
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_7\",\"function\":"
                    + "{\"name\":\"get_weather\",\"arguments\":\"\"}}]}}]}",
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":"
                    + "{\"arguments\":\"{\\\"city\\\":\"}}]}}]}",
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":"
                    + "{\"arguments\":\"\\\"Oslo\\\"}\"}}]}}]}",
            "{\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}",
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":61,\"completion_tokens\":24}}",
            "[DONE]");

    /// What the client gets, but for the id of the message.
    public static final String EVENTS = """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant",\
            "model":"qwen3:8b","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":28,\
            "output_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"server_tool_use":null,\
            "service_tier":"standard"}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Need a tool."}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"bG9jYWw="}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Checking."}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":1}

            event: content_block_start
            data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"call_7",\
            "name":"get_weather","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta",\
            "partial_json":"{\\"city\\":"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta",\
            "partial_json":"\\"Oslo\\"}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":2}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},\
            "usage":{"input_tokens":61,"output_tokens":24,"cache_creation_input_tokens":0,\
            "cache_read_input_tokens":0}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    private WorkedExample() {}
}
