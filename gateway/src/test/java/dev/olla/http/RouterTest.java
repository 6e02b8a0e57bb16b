package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("UnnecessaryLambda") // they are told apart by identity
class RouterTest {

    private final Consumer<Exchange> page = _ -> {};
    private final Consumer<Exchange> proxy = _ -> {};
    private final Consumer<Exchange> inner = _ -> {};
    private final Router router = new Router()
            .get("/version", page)
            .get("/olla/p/v1/models", page)
            .any("/any", page)
            .under("/olla/p/", proxy)
            .under("/olla/p/deep/", inner)
            .getUnder("/files/", inner);

    @Test
    void anExactPathWinsThenTheLongestPrefix() {
        assertThat(match("GET", "/version?x=1")).isEqualTo(new Router.Match.Found(page));
        assertThat(match("GET", "/olla/p/v1/models")).isEqualTo(new Router.Match.Found(page));
        assertThat(match("GET", "/olla/p/v1/model")).isEqualTo(new Router.Match.Found(proxy));
        assertThat(match("GET", "/olla/p/")).isEqualTo(new Router.Match.Found(proxy));
        assertThat(match("PURGE", "/olla/p/deep/er/")).isEqualTo(new Router.Match.Found(inner));
        assertThat(match("DELETE", "/any")).isEqualTo(new Router.Match.Found(page));
    }

    @Test
    void otherMethodsAreNotAllowedWhereOnlySomeAre() {
        assertThat(match("HEAD", "/version")).isEqualTo(new Router.Match.Found(page));
        assertThat(match("POST", "/version")).isEqualTo(new Router.Match.MethodNotAllowed("GET, HEAD"));
        assertThat(match("get", "/version")).isEqualTo(new Router.Match.MethodNotAllowed("GET, HEAD"));
        assertThat(match("PUT", "/files/a")).isEqualTo(new Router.Match.MethodNotAllowed("GET, HEAD"));
    }

    @Test
    void unknownPathsAreNotFound() {
        for (String path :
                new String[] {"/", "/v1/x", "/versions", "/version/", "/olla", "/olla/other/x", "/Version"}) {
            assertThat(match("GET", path)).isEqualTo(new Router.Match.NotFound());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/olla/p,/olla/p/",
        "/olla/p?a=b,/olla/p/?a=b",
        "/olla//p/x,/olla/p/x",
        "//olla/p/x?//,/olla/p/x?//",
        "/olla/./p/x,/olla/p/x",
        "/olla/p/x/..,/olla/p/",
        "/olla/p/../../../version,/version",
        "/..,/",
        "/olla/p/.,/olla/p/",
        "//evil.example/..,/",
    })
    void otherSpellingsAreRedirected(String sent, String location) {
        assertThat(match("POST", sent)).isEqualTo(new Router.Match.Redirect(location));
    }

    @Test
    void namesThatStartWithADotAndEncodedPathsAreLeftAlone() {
        assertThat(match("GET", "/olla/p/.well-known/a")).isEqualTo(new Router.Match.Found(proxy));
        assertThat(match("GET", "/olla/p/...")).isEqualTo(new Router.Match.Found(proxy));
        assertThat(match("GET", "/olla/p/a%2F%2Fb")).isEqualTo(new Router.Match.Found(proxy));
        assertThat(match("GET", "/olla/p/x?u=http://a/../b")).isEqualTo(new Router.Match.Found(proxy));
    }

    @Test
    void theServerAsAWholeAnswersOptions() {
        assertThat(match("OPTIONS", "*")).isInstanceOf(Router.Match.Found.class);
    }

    private Router.Match match(String method, String target) {
        return router.match(new RequestHead(method, target, 1, new Headers()));
    }
}
