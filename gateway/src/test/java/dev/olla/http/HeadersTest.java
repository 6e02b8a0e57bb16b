package dev.olla.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HeadersTest {

    @Test
    void namesCompareWithoutCaseAndKeepTheirOrder() {
        Headers headers = Headers.of("A", "1", "b", "2", "a", "3");
        assertThat(headers.first("a")).isEqualTo("1");
        assertThat(headers.all("A")).containsExactly("1", "3");
        assertThat(headers.first("c")).isNull();
        assertThat(headers.contains("B")).isTrue();
        headers.set("a", "4");
        assertThat(headers.all("A")).containsExactly("4");
        assertThat(headers.name(headers.size() - 1)).isEqualTo("a");
        headers.remove("B").setIfAbsent("A", "5").setIfAbsent("d", "6");
        assertThat(headers.toString()).isEqualTo("Headers[a, d]");
    }

    @Test
    void aFieldCanNotSplitAMessage() {
        Headers headers = new Headers();
        for (String value : new String[] {"a\r\nX: y", "a\nb", "a\rb", "a\0b", "a\u007fb", "\u010a", "\ud83d\ude00"}) {
            assertThatThrownBy(() -> headers.add("A", value)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> headers.set("A", value)).isInstanceOf(IllegalArgumentException.class);
        }
        for (String name : new String[] {"", "a b", "a:", "a\r\n", "\u00e4"}) {
            assertThatThrownBy(() -> headers.add(name, "a")).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(headers.size()).isZero();
        headers.add("A", "tab\tand \u00e4 pass");
    }

    @Test
    void aRefusedValueNamesTheFieldAndNotTheValue() {
        assertThatThrownBy(() -> new Headers().add("Authorization", "secret\n"))
                .hasMessageContaining("Authorization")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void listsAreSearchedByToken() {
        Headers headers = Headers.of("Connection", "Keep-Alive,  X-a ,", "connection", "close");
        assertThat(headers.listContains("Connection", "close")).isTrue();
        assertThat(headers.listContains("Connection", "x-A")).isTrue();
        assertThat(headers.listContains("Connection", "keep-aliv")).isFalse();
        assertThat(headers.listContains("Other", "close")).isFalse();
    }

    @Test
    void aCopyIsIndependent() {
        Headers headers = Headers.of("A", "1");
        headers.copy().add("B", "2").remove("A");
        assertThat(headers.toString()).isEqualTo("Headers[A]");
    }

    @Test
    void manyFieldsFit() {
        Headers headers = new Headers();
        for (int i = 0; i < 1000; i++) {
            headers.add("n" + i, "v" + i);
        }
        assertThat(headers.size()).isEqualTo(1000);
        assertThat(headers.first("N999")).isEqualTo("v999");
    }

    @Test
    void foreignTextIsMadePrintable() {
        assertThat(Headers.printable("plain")).isEqualTo("plain");
        assertThat(Headers.printable("a\r\nb\u00e4\ud83d\ude00")).isEqualTo("a??b??");
    }
}
