package dev.olla.request.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.http.Body;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationScanTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'messages':[{'role':'user','content':'hi'}]}                                                  |",
                "{'messages':[{'role':'user','content':[{'type':'text','text':'hi'}]}]}                         |",
                "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'x'}}]}]}        | VISION",
                "{'messages':[{'role':'user','content':[{'type':'image','source':{}}]}]}                        | VISION",
                "{'messages':[{'role':'user','content':[{'text':'data:image/png;base64,AA','type':'text'}]}]}   | VISION",
                "{'messages':[{'role':'user','content':'see data:image/png'}]}                                  |",
                "{'messages':[{'role':'user','content':'a','images':['AA']}]}                                   | VISION",
                "{'messages':[{'role':'user','content':'a','images':[]}]}                                       |",
                "{'messages':[{'content':'a'},{'content':'b'},{'images':['AA'],'content':'c'}]}                 | VISION",
                "{'prompt':'a','images':['AA']}                                                                 | VISION",
                "{'tools':[{'type':'function'}]}                                                                | FUNCTIONS",
                "{'tools':[]}                                                                                   |",
                "{'tools':null}                                                                                 |",
                "{'functions':[{}]}                                                                             | FUNCTIONS",
                "{'tool_choice':'auto'}                                                                         | FUNCTIONS",
                "{'function_call':{'name':'f'}}                                                                 | FUNCTIONS",
                "{'input':'a'}                                                                                  | EMBEDDINGS",
                "{'input':['a','b']}                                                                            | EMBEDDINGS",
                "{'language':'java'}                                                                            | CODE",
                "{'code_model':true}                                                                            | CODE",
                "{'code_model':false}                                                                           |",
                "{'messages':[{'role':'system','content':'You DEBUG things'}]}                                  | CODE",
                "{'messages':[{'content':'You write code','role':'system'}]}                                    | CODE",
                "{'messages':[{'role':'user','content':'my code'}]}                                             |",
                "{'messages':[{'content':'my code','role':'user'},{'role':'system','content':'hi'}]}            |",
                "{'system':[{'type':'text','text':'a programming aid'}]}                                        | CODE",
                "{'x':{'tools':[1],'input':1},'y':[{'messages':[{'images':[1]}]}]}                              |",
                "{'messages':[{'role':'user','content':[{'type':'tool_result','content':[{'type':'image'}]}]}]} |",
            })
    void whatARequestNeedsIsSeen(String body, @Nullable String needs) {
        String found = scan(body).needs().stream().map(Need::name).sorted().collect(Collectors.joining(" "));
        assertThat(found).isEqualTo(needs == null ? "" : needs);
    }

    @Test
    void everythingAtOnceIsSeen() {
        assertThat(scan("{'language':'c','input':'x','tools':[1],'images':['a']}")
                        .needs())
                .isEqualTo(Set.of(Need.values()));
    }

    @Test
    void ofABodyBeyondAMebibyteOnlyTheModelIsLookedAt() {
        String large = "x".repeat(1024 * 1024);
        Inspection found = scan("{'model':'m','tools':[1],'messages':[{'role':'user','content':'" + large + "'}]}");
        assertThat(found.needs()).isEmpty();
        assertThat(found.model()).isEqualTo("m");
        assertThat(found.prefix()).isNotNull();
    }

    /// The turns of one conversation, then the first turn of another.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages':[{'role':'system','content':'S'},{'role':'user','content':'A'}|,{'role':'assistant','content':'B'},{'role':'user','content':'C'}|]}",
                "{'model':'m','system':'S','messages':[{'role':'user','content':'A'}|,{'role':'assistant','content':[{'type':'text','text':'B'}]},{'role':'user','content':'C'}|]}",
                "{'messages':[{'role':'user','content':[{'type':'text','text':'A'}]}|,{'role':'assistant','content':'B'}|],'system':[{'type':'text','text':'S'}]}",
                "{'messages':[{'content':'A','role':'user'}|,{'tool_calls':[{'function':{'arguments':'x'}}],'role':'assistant','content':null},{'role':'tool','content':'t'}|]}",
                "{'prompt':'A|','context':[1,2|,3,4],'system':'S'}",
                "{'input':[{'role':'user','content':[{'type':'input_text','text':'A'}]}|,{'type':'function_call','name':'f'},{'role':'user','content':'C'}|],'instructions':'S'}",
            })
    void theBeginningStaysWhileAConversationGrows(String turns) {
        String[] parts = turns.split("\\|", -1);
        String first = parts[0] + parts[2];
        String grown = parts[0] + parts[1] + parts[2];
        if (turns.contains("'context'")) {
            first = parts[0] + parts[1] + parts[2];
            grown = parts[0] + parts[1] + ",9,9" + parts[2];
        }
        assertThat(scan(first).prefix()).isNotNull().isEqualTo(scan(grown).prefix());
        assertThat(scan(first.replace('A', 'Z')).prefix())
                .isNotNull()
                .isNotEqualTo(scan(first).prefix());
        if (turns.contains("S")) {
            assertThat(scan(first.replace('S', 'Z')).prefix())
                    .isNotEqualTo(scan(first).prefix());
        }
    }

    @Test
    void aTextInOnePieceAndInPartsIsTheSameBeginning() {
        assertThat(scan("{'messages':[{'role':'user','content':'hello'}]}").prefix())
                .isEqualTo(scan("{'messages':[{'role':'user','content':[{'type':'text','text':'hel'},{'text':'lo'}]}]}")
                        .prefix());
    }

    @Test
    void usersOfOneAgentDoNotShareABeginning() {
        String system = "s".repeat(40_000);
        String one = "{'messages':[{'role':'system','content':'" + system + "'},{'role':'user','content':'one'}]}";
        assertThat(scan(one).prefix())
                .isNotEqualTo(scan(one.replace("one", "two")).prefix());
    }

    @Test
    void onlySoManyBytesOfEachCount() {
        String start = "x".repeat(512);
        String body = "{'messages':[{'role':'user','content':'" + start + "tail'}]}";
        assertThat(scan(body).prefix())
                .isEqualTo(scan(body.replace("tail", "other")).prefix());
        assertThat(scan(body, 0).prefix())
                .isNotEqualTo(scan(body.replace("tail", "other"), 0).prefix());
        assertThat(scan(body, 513).prefix())
                .isNotEqualTo(scan(body.replace("tail", "other"), 513).prefix());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'messages':[]}",
                "{'messages':'text'}",
                "{'messages':{'role':'user','content':'A'}}",
                "{'messages':[{'role':'system','content':'S'}]}",
                "{'messages':[{'role':'user','content':''}]}",
                "{'messages':[['role','user']]}",
                "{'x':{'messages':[{'role':'user','content':'A'}]}}",
                "{'prompt':null}",
                "{'prompt':[1,2]}",
            })
    void noBeginningIsNone(String body) {
        assertThat(scan(body).prefix()).isNull();
    }

    @Test
    void ofARepeatedKeyTheLastCounts() {
        String last = "'messages':[{'role':'user','content':'B'}]";
        assertThat(scan("{'messages':[{'role':'user','content':'A'}]," + last + "}")
                        .prefix())
                .isEqualTo(scan("{" + last + "}").prefix());
    }

    @Test
    void itMakesNoDifferenceHowTheBytesCome() {
        byte[] bytes = ("{\"tools\":[{}],\"messages\":[{\"role\":\"system\",\"content\":\"S \\\"q\\\" \\u00e9\"},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"image\"},{\"type\":\"text\",\"text\":\"A\\\\\"}]}],"
                        + "\"model\":\"m\"}")
                .getBytes(StandardCharsets.UTF_8);
        TreeSet<String> results = new TreeSet<>();
        for (int size = 1; size <= bytes.length; size++) {
            BodyScan scan = new BodyScan(new ConversationScan(8));
            for (int from = 0; from < bytes.length; from += size) {
                byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size));
                scan.feed(piece, piece.length);
            }
            Inspection found = scan.result(false);
            results.add(found.model() + found.prefix() + new TreeSet<>(found.needs()));
        }
        assertThat(results).hasSize(1);
        assertThat(results.first()).startsWith("m").endsWith("[VISION, FUNCTIONS]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void depthIsNoTrouble(boolean before) {
        String deep = "'x':" + "[{'messages':".repeat(50_000) + "1" + "}]".repeat(50_000);
        String messages = "'messages':[{'role':'user','content':'A'}],'model':'m'";
        Inspection found = scan(before ? "{" + deep + "," + messages + "}" : "{" + messages + "," + deep + "}");
        assertThat(found.prefix()).isEqualTo(scan("{" + messages + "}").prefix());
        assertThat(found.model()).isEqualTo("m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"}]{[", "{]}", "{'messages':[}]", "{'messages':[{]}", "[{'a'", "{{{{{{{{{", "{'a':]]]]]]]]]]]]"})
    void nonsenseIsNoTrouble(String body) {
        assertThat(scan(body).prefix()).isNull();
    }

    private static Inspection scan(String body) {
        return scan(body, 512);
    }

    private static Inspection scan(String body, int prefixBytes) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return new Inspector(prefixBytes).scan(Body.of(bytes), false);
    }
}
