package dev.olla.api;

import dev.olla.fleet.DiscoveredModel;
import dev.olla.fleet.ModelVocabulary;
import dev.olla.fleet.ModelVocabulary.Family;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is derived from a model's name and from what its server tells, in one spelling for all kinds of servers.
///
/// @param family empty where unknown
/// @param variant empty where unknown
/// @param parameterSize for instance `8.2b`; empty where unknown
/// @param parameterCount 0 where unknown
/// @param quantization for instance `q4km`; empty where unknown
/// @param publisher empty where unknown
/// @param kind `llm`, `vlm` or `embeddings`
/// @param capabilities in the words of lists
record ModelTraits(
        String family,
        String variant,
        String parameterSize,
        long parameterCount,
        String quantization,
        String publisher,
        String kind,
        List<String> capabilities) {

    ModelTraits {
        capabilities = List.copyOf(capabilities);
    }

    static final String LLM = "llm";
    static final String VLM = "vlm";
    static final String EMBEDDINGS = "embeddings";

    private static final Pattern SIZE = Pattern.compile("^(\\d{1,12}(?:\\.\\d{1,12})?)\\s*([BM]?)$");

    /// The first that is found decides.
    private static final List<Form> QUANTIZATIONS = List.of(
            new Form("^(gptq|awq)[-_](\\d+)bit$", form -> form.group(1) + form.group(2)),
            new Form("(?<![a-z])q(\\d+)_k_([a-z]+)", form -> "q" + form.group(1) + "k" + form.group(2)),
            new Form("(?<![a-z])q(\\d+)_k", form -> "q" + form.group(1) + "k"),
            new Form("(?<![a-z])q(\\d+)_0", form -> "q" + form.group(1)),
            new Form("(?<![a-z])q(\\d+)_(\\d+)", form -> "q" + form.group(1) + "_" + form.group(2)),
            new Form("(?<![a-z])q(\\d+)", form -> "q" + form.group(1)),
            new Form("(?<![a-z])fp?(\\d+)", form -> "f" + form.group(1)),
            new Form("(?<![a-z])int(\\d+)", form -> "int" + form.group(1)));

    static ModelTraits of(ModelSource source) {
        DiscoveredModel model = source.model();
        DiscoveredModel.Details details = model.details();
        ModelVocabulary vocabulary = source.endpoint().vocabulary();
        Family family = family(source, model.name(), details.family());
        String size = details.parameterSize();
        String quantization = details.quantization();
        String publisher = details.publisher();
        ModelAbilities abilities = ModelAbilities.of(source);
        return new ModelTraits(
                family.name(),
                family.variant(),
                size == null ? "" : parameterSize(size),
                size == null ? 0 : parameterCount(size),
                quantization == null ? "" : quantization(vocabulary, quantization),
                publisher == null ? vocabulary.publisher(model.name()) : publisher,
                abilities.kind(),
                abilities.words());
    }

    /// The family and its variant: the server's own word, else what the name tells.
    static Family family(ModelSource source, String name, @Nullable String told) {
        ModelVocabulary.FamilyNames families = source.endpoint().vocabulary().families();
        return told != null && !told.isBlank() ? new Family(told, "") : families.named(name);
    }

    /// `8.0B` is `8b`; what is no size stays as it is.
    static String parameterSize(String told) {
        Matcher match = SIZE.matcher(told.strip().toUpperCase(Locale.ROOT));
        if (!match.matches()) {
            return told;
        }
        BigDecimal number = new BigDecimal(match.group(1));
        if (!match.group(2).equals("M")) {
            return oneDecimal(number) + 'b';
        }
        BigDecimal thousand = BigDecimal.valueOf(1000);
        return number.compareTo(thousand) >= 0
                ? oneDecimal(number.divide(thousand)) + 'b'
                : number.setScale(0, RoundingMode.HALF_EVEN).toPlainString() + 'm';
    }

    private static String oneDecimal(BigDecimal number) {
        String text = number.setScale(1, RoundingMode.HALF_EVEN).toPlainString();
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /// 0 for what is no size.
    static long parameterCount(String told) {
        Matcher match = SIZE.matcher(told.strip().toUpperCase(Locale.ROOT));
        if (!match.matches()) {
            return 0;
        }
        int exponent = match.group(2).equals("M") ? 6 : 9;
        return new BigDecimal(match.group(1)).scaleByPowerOfTen(exponent).longValue();
    }

    /// `Q4_K_M` is `q4km`, `Q8_0` is `q8`, `FP16` is `f16`; what is none of the known forms is in lower case.
    static String quantization(ModelVocabulary vocabulary, String told) {
        String known = vocabulary.quantizations().get(told.strip().toUpperCase(Locale.ROOT));
        return known == null ? quantization(told) : known;
    }

    private static String quantization(String told) {
        String text = told.strip().toLowerCase(Locale.ROOT);
        for (Form form : QUANTIZATIONS) {
            Matcher match = form.pattern().matcher(text);
            if (match.find()) {
                return form.spelling().apply(match);
            }
        }
        return text;
    }

    /// How a quantisation is written, and how we write it.
    private record Form(Pattern pattern, Function<MatchResult, String> spelling) {

        Form(String pattern, Function<MatchResult, String> spelling) {
            this(Pattern.compile(pattern), spelling);
        }
    }
}
