package dev.olla.config;

import dev.olla.config.ConfigProblem.Severity;
import dev.olla.fleet.ModelVocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the names of models mean: our own `models.yaml`, with the user's laid over it.
///
/// @param path of the user's file; null where there is none that can be used
/// @param vocabulary read at the first call where nobody wrote one
public record ModelsFile(@Nullable Path path, Supplier<ModelVocabulary> vocabulary) {

    public static final ModelsFile BUILT_IN = new ModelsFile(null, new BuiltIn());

    private static final String NAME = "models.yaml";

    private static final List<Path> CANDIDATES = List.of(
            Path.of(NAME),
            Path.of("config", NAME),
            Path.of("config-base", NAME),
            Path.of("..", "config", NAME),
            Path.of("..", "..", "config", NAME));

    /// The resource, read at the first call. Two threads that ask at the same time both read, and find the same.
    private static final class BuiltIn implements Supplier<ModelVocabulary> {

        private volatile @Nullable ModelVocabulary read;

        @Override
        public ModelVocabulary get() {
            ModelVocabulary known = read;
            if (known == null) {
                known = ModelVocabularyReader.read(new Reading(NAME, new Variables(Map.of())).root(document()));
                read = known;
            }
            return known;
        }

        private static YamlNode.Mapping document() {
            try (InputStream in = ModelsFile.class.getResourceAsStream("/" + NAME)) {
                if (in == null) {
                    throw new IllegalStateException(NAME + " is missing");
                }
                return YamlDocument.read(ByteBuffer.wrap(in.readAllBytes()), new ArrayList<>());
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }

    /// A vocabulary that is read already; equal when what it holds is.
    private record Known(ModelVocabulary content) implements Supplier<ModelVocabulary> {
        @Override
        public ModelVocabulary get() {
            return content;
        }
    }

    /// Where it may be, in the order in which it is looked for.
    ///
    /// @param folder of `OLLA_CONFIG_DIR`; null where that is not set
    static List<Path> candidates(@Nullable String folder) {
        List<Path> candidates = new ArrayList<>(CANDIDATES);
        try {
            if (folder != null) {
                candidates.add(Path.of(folder, NAME));
            }
        } catch (InvalidPathException _) {
            return CANDIDATES; // no file can be there
        }
        return candidates;
    }

    /// The first that says anything; one with a mistake in it is passed over, but a mistake in what it means leaves
    /// us with our own.
    ///
    /// @param problems hears what is wrong
    static ModelsFile find(List<Path> candidates, ConfigFile files, Consumer<ConfigProblem> problems) {
        for (Path path : candidates) {
            OptionalFile file = new OptionalFile(path, "the file", problems);
            YamlNode.Mapping content = content(file, files);
            if (content != null) {
                ModelVocabulary vocabulary = vocabulary(file, content);
                return vocabulary == null ? BUILT_IN : new ModelsFile(path, new Known(vocabulary));
            }
        }
        return BUILT_IN;
    }

    /// Null where the file says nothing that counts.
    private static YamlNode.@Nullable Mapping content(OptionalFile file, ConfigFile files) {
        YamlNode.Mapping content = file.read(files);
        if (content == null || !content.entries().isEmpty()) {
            return content;
        }
        file.problems().accept(new ConfigProblem(Severity.WARNING, file.path().toString(), 0, "", "the file is empty"));
        return null;
    }

    /// Null where something in it can't be used.
    private static @Nullable ModelVocabulary vocabulary(OptionalFile file, YamlNode.Mapping content) {
        Reading reading = new Reading(file.path().toString(), new Variables(Map.of()));
        ModelVocabularyReader.read(reading.root(YamlMerge.withoutNulls(content)));
        boolean usable = file.accepts(reading.finish());
        YamlNode.Mapping whole = YamlMerge.withoutNulls(YamlMerge.over(BuiltIn.document(), content));
        return usable ? ModelVocabularyReader.read(new Reading(NAME, new Variables(Map.of())).root(whole)) : null;
    }
}
