package dev.olla.request.admit;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Gives every request an id: the client's own where it is fit to be one, else two words and four hex digits.
public final class RequestIds {

    public static final String REQUEST_HEADER = "X-Request-ID";
    public static final String RESPONSE_HEADER = "X-Olla-Request-ID";

    /// Where clients of Anthropic's API look for the same.
    static final String ANTHROPIC_HEADER = "request-id";

    private static final int MAX_LENGTH = 128;

    private static final String[] FIRST = {
        "amber",
        "bold",
        "brisk",
        "calm",
        "clear",
        "cosy",
        "crisp",
        "dapper",
        "eager",
        "fleet",
        "gentle",
        "glad",
        "grand",
        "happy",
        "humble",
        "jolly",
        "keen",
        "kind",
        "light",
        "lively",
        "loyal",
        "lucid",
        "mellow",
        "merry",
        "mild",
        "neat",
        "noble",
        "patient",
        "placid",
        "plucky",
        "polite",
        "proud",
        "quick",
        "quiet",
        "rapid",
        "ready",
        "serene",
        "sharp",
        "silver",
        "sleek",
        "smooth",
        "snug",
        "solid",
        "sound",
        "spry",
        "steady",
        "still",
        "stout",
        "sunny",
        "swift",
        "tidy",
        "tranquil",
        "trusty",
        "upbeat",
        "vivid",
        "warm",
        "wise",
        "witty",
        "zesty",
        "azure",
        "coral",
        "golden",
        "hazel",
        "ivory"
    };

    private static final String[] SECOND = {
        "alpaca", "badger", "beaver", "bison", "camel", "condor", "crane", "cricket", "deer", "dingo", "dolphin",
                "eagle",
        "egret", "falcon", "ferret", "finch", "fox", "gecko", "guanaco", "hare", "heron", "ibex", "ibis", "jackal",
        "jaguar", "kestrel", "koala", "lark", "lemur", "llama", "lynx", "marmot", "martin", "mole", "moose", "newt",
        "ocelot", "orca", "osprey", "otter", "owl", "panda", "pelican", "pika", "plover", "puffin", "quail", "rabbit",
        "raven", "robin", "seal", "shrew", "sparrow", "stoat", "stork", "swan", "tapir", "tern", "toucan", "turtle",
        "vicuna", "walrus", "wombat", "wren"
    };

    private final RandomGenerator random;

    /// @param random used by all event loops, so it must be safe for them
    public RequestIds(RandomGenerator random) {
        this.random = random;
    }

    /// @param sent the client's `X-Request-ID`, or null
    public String idFor(@Nullable String sent) {
        return sent != null && isFit(sent) ? sent : generate();
    }

    private static boolean isFit(String id) {
        return !id.isEmpty() && id.length() <= MAX_LENGTH && id.chars().allMatch(c -> c >= 0x21 && c <= 0x7E);
    }

    private String generate() {
        int bits = random.nextInt();
        StringBuilder id = new StringBuilder(24);
        id.append(FIRST[bits & 63]).append('-').append(SECOND[bits >>> 6 & 63]).append('-');
        for (int shift = 28; shift >= 16; shift -= 4) {
            id.append(Character.forDigit(bits >>> shift & 0xF, 16));
        }
        return id.toString();
    }
}
