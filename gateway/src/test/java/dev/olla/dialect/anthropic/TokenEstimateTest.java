package dev.olla.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenEstimateTest {

    private static long estimate(String request) throws BadRequest {
        return TokenEstimate.of(Wire.json(request));
    }

    private static long content(String content) throws BadRequest {
        return estimate("{'messages':[{'role':'user','content':" + content + "}]}");
    }

    @Test
    void anEmptyRequestHasOneToken() throws BadRequest {
        assertThat(estimate("{}")).isOne();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'12345678' | 2",
                "'\u00e4\u00e4\u00e4\u00e4' | 2",
                "[{'type':'text','text':'12345678'}] | 2",
                "[{'type':'thinking','thinking':'12345678'}] | 2",
                "[{'type':'tool_use','name':'1234','input':{'a':1}}] | 2",
                "[{'type':'tool_use','name':'','input':{'a':'<'}}] | 3",
                "[{'type':'tool_result','content':'12345678'}] | 2",
                "[{'type':'tool_result','content':[{'type':'text','text':'12345678'}]}] | 2",
                "[{'type':'tool_result','content':[{'type':'image'}]}] | 1600",
                "[{'type':'image'},{'type':'text','text':'12345678'}] | 1602",
                "[{'type':'document','title':'1234','source':{'type':'text','data':'1234'}}] | 2",
                "[{'type':'document','source':{'type':'base64','data':'12345678'}}] | 1",
                "{'type':'text','text':'12345678'} | 1",
                "7 | 1"
            })
    void everyPartCounts(String content, long tokens) throws BadRequest {
        assertThat(content(content)).isEqualTo(tokens);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "{'messages':7}", "{'messages':[7]}", "{'tools':{}}", "{'tools':['x']}"})
    void whatIsNoRequestIsRefused(String request) {
        assertThat(catchThrowableOfType(BadRequest.class, () -> estimate(request))
                        .kind())
                .isEqualTo(BadRequest.Kind.MALFORMED);
    }
}
