package dev.olla.config;

import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.ProfileDetails;
import dev.olla.fleet.WrittenValues;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A profile that the gateway brings along. Its file is read no further than a start needs; the rest of it, three
/// quarters, at the first call for its details.
final class BuiltInProfile implements Supplier<ProfileDetails> {

    static final List<String> FILES = List.of(
            "dmr",
            "lemonade",
            "litellm",
            "llamacpp",
            "lmdeploy",
            "lmstudio",
            "ollama",
            "omlx",
            "openai-compatible",
            "sglang",
            "vllm",
            "vllm-mlx");

    private final String file;
    private volatile @Nullable ProfileDetails read;

    private BuiltInProfile(String file) {
        this.file = file;
    }

    private static final class All {
        private static final Map<String, BackendProfile> BY_NAME = readAll();

        private static Map<String, BackendProfile> readAll() {
            Map<String, BackendProfile> all = new TreeMap<>();
            for (String file : FILES) {
                BackendProfile profile = new BuiltInProfile(file).profile();
                all.put(profile.name(), profile);
            }
            return Collections.unmodifiableMap(all);
        }
    }

    /// By name; read once, and the same ever after.
    static Map<String, BackendProfile> all() {
        return All.BY_NAME;
    }

    /// The whole file of a profile, by the profile's name.
    static YamlNode.Mapping document(BackendProfile profile) {
        return profile.later() instanceof BuiltInProfile builtIn ? document(builtIn.file, Set.of()) : YamlNode.EMPTY;
    }

    private BackendProfile profile() {
        return reading(ProfileReader.KEYS, root -> ProfileReader.read(root, WrittenValues.NONE, this));
    }

    /// Two threads that ask at the same time both read, and find the same.
    @Override
    public ProfileDetails get() {
        ProfileDetails known = read;
        if (known == null) {
            known = reading(Set.of(), ProfileDetailsReader::read);
            read = known;
        }
        return known;
    }

    private <T> T reading(Set<String> wanted, Function<Section, T> reader) {
        Reading reading = new Reading(file + ".yaml", new Variables(Map.of()));
        return reader.apply(reading.root(document(file, wanted)));
    }

    private static YamlNode.Mapping document(String file, Set<String> wanted) {
        List<YamlDocument.Mistake> mistakes = new ArrayList<>();
        YamlNode.Mapping mapping = YamlDocument.readUntil(wanted, ByteBuffer.wrap(bytes(file)), mistakes);
        if (!mistakes.isEmpty()) {
            throw new IllegalStateException("profiles/" + file + ".yaml: " + mistakes.getFirst());
        }
        return mapping;
    }

    private static byte[] bytes(String file) {
        try (InputStream in = BuiltInProfile.class.getResourceAsStream("/profiles/" + file + ".yaml")) {
            if (in == null) {
                throw new IllegalStateException("profiles/" + file + ".yaml is missing");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
