package dev.olla.dialect.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Json;
import dev.olla.dialect.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class ResponseStoreTest {

    private final AtomicLong now = new AtomicLong(1_000_000);

    private ResponseStore store(int entries, long bytes) {
        return new ResponseStore(
                new ResponseStore.Limits(entries, bytes, Duration.ofHours(1)), () -> Instant.ofEpochMilli(now.get()));
    }

    private static ObjectNode response(String id, String text) {
        return (ObjectNode) Wire.json("{'id':'" + id + "','output':[{'type':'message','id':'msg_" + id
                + "','role':'assistant','content':[{'type':'output_text','text':'" + text + "'}]}]}");
    }

    private static void keep(ResponseStore store, String id) {
        store.keep(response(id, "a"), Wire.json("{'input':'q'}"));
    }

    private static String whole(ResponseStore.Expanded expanded) {
        return Json.text(((ResponseStore.Expanded.Whole) expanded).request()).replace('"', '\'');
    }

    @Test
    void aResponseIsFoundUntilItIsRemoved() {
        ResponseStore store = store(10, 10_000);
        keep(store, "r");

        assertThat(store.find("r")).isEqualTo(new ResponseStore.Found.Here(response("r", "a")));
        assertThat(store.remove("r")).isTrue();
        assertThat(store.remove("r")).isFalse();
        assertThat(store.find("r")).isEqualTo(new ResponseStore.Found.Unknown("r"));
        assertThat(store.bytes()).isZero();
    }

    @Test
    void aResponseIsForgottenWhenItIsOld() {
        ResponseStore store = store(10, 10_000);
        keep(store, "r");
        now.addAndGet(Duration.ofMinutes(30).toMillis());
        keep(store, "s");
        now.addAndGet(Duration.ofMinutes(30).toMillis() - 1);
        assertThat(store.size()).isEqualTo(2);
        now.incrementAndGet();

        assertThat(store.find("r")).isEqualTo(new ResponseStore.Found.Unknown("r"));
        assertThat(store.find("s")).isInstanceOf(ResponseStore.Found.Here.class);
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void theOldestGoesWhenThereAreTooMany() {
        ResponseStore store = store(2, 10_000);
        keep(store, "r");
        keep(store, "s");
        keep(store, "t");

        assertThat(store.size()).isEqualTo(2);
        assertThat(store.find("r")).isInstanceOf(ResponseStore.Found.Unknown.class);
        assertThat(store.find("s")).isInstanceOf(ResponseStore.Found.Here.class);
    }

    @Test
    void theOldestGoWhenTheyAreTooLarge() {
        ResponseStore store = store(100, 1_000);
        for (int i = 0; i < 50; i++) {
            keep(store, "r" + i);
            assertThat(store.bytes()).isBetween(1L, 1_000L);
        }

        assertThat(store.size()).isBetween(2, 10);
        assertThat(store.find("r49")).isInstanceOf(ResponseStore.Found.Here.class);
    }

    @Test
    void whatAloneIsTooLargeIsNotKeptAndPushesNothingOut() {
        ResponseStore store = store(100, 1_000);
        keep(store, "r");
        store.keep(response("s", "x".repeat(2_000)), Wire.json("{'input':'q'}"));

        assertThat(store.find("s")).isInstanceOf(ResponseStore.Found.Unknown.class);
        assertThat(store.find("r")).isInstanceOf(ResponseStore.Found.Here.class);
    }

    @Test
    void aStoreWithoutRoomKeepsNothing() {
        ResponseStore store = store(0, 1_000);
        keep(store, "r");
        store.keepElsewhere("s", "box");

        assertThat(store.size()).isZero();
    }

    @Test
    void oneKeptAgainIsKeptOnce() {
        ResponseStore store = store(10, 10_000);
        keep(store, "r");
        long bytes = store.bytes();
        keep(store, "r");

        assertThat(store.size()).isEqualTo(1);
        assertThat(store.bytes()).isEqualTo(bytes);
    }

    @Test
    void whatAServerHasIsRememberedByItsName() throws BadRequest {
        ResponseStore store = store(10, 10_000);
        store.keepElsewhere("r", "box");

        assertThat(store.find("r")).isEqualTo(new ResponseStore.Found.Elsewhere("box"));
        assertThat(store.expand(Wire.json("{'model':'m','input':'x','previous_response_id':'r'}")))
                .isEqualTo(new ResponseStore.Expanded.Elsewhere("box"));
    }

    @Test
    void aRequestGoesOnFromAllThatWasSaidBefore() throws BadRequest {
        ResponseStore store = store(10, 10_000);
        keep(store, "r");
        ResponseStore.Expanded second = store.expand(
                Wire.json("{'model':'m','instructions':'new','input':'next','previous_response_id':'r','store':true}"));
        store.keep(response("s", "b"), ((ResponseStore.Expanded.Whole) second).request());
        ResponseStore.Expanded third = store.expand(
                Wire.json("{'model':'m','previous_response_id':'s','input':[{'role':'user','content':'last'}]}"));

        assertThat(whole(second))
                .isEqualTo("{'model':'m','instructions':'new','input':["
                        + "{'type':'message','role':'user','content':'q'},"
                        + "{'type':'message','id':'msg_r','role':'assistant','content':[{'type':'output_text','text':'a'}]},"
                        + "{'type':'message','role':'user','content':'next'}],'store':true}");
        assertThat(new ResponsesRequestReader()
                        .read(((ResponseStore.Expanded.Whole) third).request())
                        .messages())
                .hasSize(5);
        assertThat(whole(third)).endsWith("{'role':'user','content':'last'}]}").doesNotContain("previous_response_id");
    }

    @Test
    void aRequestThatGoesOnFromNothingKnownSaysSo() throws BadRequest {
        assertThat(store(10, 10_000).expand(Wire.json("{'model':'m','input':'x','previous_response_id':'gone'}")))
                .isEqualTo(new ResponseStore.Expanded.Unknown("gone"));
    }

    @Test
    void itemsThatAreKeptMayBeReferredTo() throws BadRequest {
        ResponseStore store = store(10, 10_000);
        keep(store, "r");

        assertThat(whole(store.expand(Wire.json("{'input':[{'type':'item_reference','id':'msg_r'},{'id':'msg_gone'},"
                        + "{'role':'user','content':'x'}]}"))))
                .isEqualTo("{'input':[{'type':'message','id':'msg_r','role':'assistant','content':"
                        + "[{'type':'output_text','text':'a'}]},{'id':'msg_gone'},{'role':'user','content':'x'}]}");
    }

    @Test
    void aRequestThatRefersToNothingIsLeftAsItIs() throws BadRequest {
        for (String body : new String[] {"{'input':'x'}", "{'input':[{'role':'user','content':'x'}]}", "{}"}) {
            var request = Wire.json(body);
            assertThat(((ResponseStore.Expanded.Whole) store(10, 10_000).expand(request)).request())
                    .isSameAs(request);
        }
    }

    @Test
    void whatIsNoRequestIsRefused() {
        assertThat(catchThrowableOfType(BadRequest.class, () -> store(1, 1).expand(Wire.json("[1]"))))
                .isNotNull();
        assertThat(catchThrowableOfType(
                                BadRequest.class, () -> store(1, 1).expand(Wire.json("{'previous_response_id':1}")))
                        .field())
                .isEqualTo("previous_response_id");
    }
}
