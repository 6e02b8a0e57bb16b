package dev.olla.request.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.olla.fleet.AnswerFormulas;
import dev.olla.fleet.MetricsExtraction;
import dev.olla.telemetry.AnswerFigures;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ProfileFiguresTest {

    private static final Map<String, String> PATHS = Map.of(
            "input_tokens", "$.stats.read",
            "output_tokens", "$.stats['written']",
            "finish_reason", "$.ends[0].why",
            "spent", "$.stats.spent",
            "load_duration_ns", "stats.load");

    private static AnswerFormulas formulas(Map<String, String> calculations) {
        AnswerFormulas formulas =
                new AnswerFormulas(new MetricsExtraction(true, "response_body", "json", PATHS, calculations, Map.of()));
        formulas.prepare();
        return formulas;
    }

    private static AnswerFigures read(Map<String, String> calculations, String... pieces) {
        List<ObjectNode> nodes = List.of(pieces).stream()
                .map(piece -> (ObjectNode) JsonMapper.shared().readTree(piece))
                .toList();
        return ProfileFigures.added(FigureReader.read(nodes), formulas(calculations), nodes);
    }

    @Test
    void whatTheShapeLeavesOpenIsReadAtThePathsOfTheProfile() {
        AnswerFigures figures = read(
                Map.of("tokens_per_second", "spent > 0 ? output_tokens * 1000.0 / spent : 0", "total_ms", "spent"),
                "{\"stats\":{\"read\":1,\"written\":1}}",
                "{\"stats\":{\"read\":7,\"written\":20,\"spent\":500,\"load\":3000000},\"ends\":[{\"why\":\"full\"}]}");
        assertThat(figures.inputTokens()).isEqualTo(7);
        assertThat(figures.outputTokens()).isEqualTo(20);
        assertThat(figures.totalTokens()).isEqualTo(27);
        assertThat(figures.finishReason()).isEqualTo("full");
        assertThat(figures.loadMillis()).isEqualTo(3);
        assertThat(figures.totalMillis()).isEqualTo(500);
        assertThat(figures.tokensPerSecond()).isEqualTo(40.0);
    }

    @Test
    void whatTheShapeTellsStays() {
        AnswerFigures figures = read(
                Map.of(),
                "{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4},\"stats\":{\"read\":90,\"written\":90}}");
        assertThat(figures.inputTokens()).isEqualTo(3);
        assertThat(figures.outputTokens()).isEqualTo(4);
        assertThat(figures.totalTokens()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "len(finish_reason) > 0; true",
                "finish_reason != null && finish_reason != \"\"; true",
                "finish_reason == 'other'; false",
                "nothing != null; false",
                "spent > 1 && spent < 3; true",
                "spent; false"
            })
    void booleansTellWhetherTheAnswerIsWhole(String expression, boolean complete) {
        AnswerFigures figures =
                read(Map.of("is_complete", expression), "{\"stats\":{\"spent\":2.5},\"ends\":[{\"why\":\"x\"}]}");
        assertThat(figures.complete()).isEqualTo(complete);
    }

    @ParameterizedTest
    @CsvSource({"spent / 0, 0", "spent * 1.0 / (spent - spent), 0", "spent * 1e308 * 10, 0", "(spent + 2) / 2, 1"})
    void whatIsNoNumberIsZero(String expression, long total) {
        assertThat(read(Map.of("total_ms", expression), "{\"stats\":{\"spent\":1}}")
                        .totalMillis())
                .isEqualTo(total);
    }

    @ParameterizedTest
    @CsvSource({
        "output_tokens * 2",
        "output_tokens > 0 ? 5 : 6",
        "unheard_of + 1",
        "spent - output_tokens",
        "finish_reason * 2",
        "0 - spent"
    })
    void aCalculationWhoseValuesAreMissingIsSkipped(String expression) {
        assertThat(read(Map.of("total_ms", expression), "{\"stats\":{\"spent\":1},\"ends\":[{\"why\":\"x\"}]}")
                        .totalMillis())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "1 +",
        "spent = 3",
        "'spent.toString()'",
        "new('java.lang.String')",
        "while (true) {}",
        "(",
        "#pragma x y"
    })
    void whatCallsChangesOrRepeatsIsNoExpression(String expression) {
        assertThat(AnswerFormulas.mistakeIn(expression)).startsWith("this can't be calculated: ");
    }

    @ParameterizedTest
    @CsvSource({
        "$.a.b, true",
        "a.b, true",
        "'$.a[0][''c'']', true",
        "$.a-b.c_d, true",
        "$..a, false",
        "$.a[*], false",
        "'', false",
        "$.a[?(@.b)], false"
    })
    void pathsLeadThroughNamesAndPlaces(String path, boolean valid) {
        assertThat(AnswerFormulas.isPath(path)).isEqualTo(valid);
    }
}
