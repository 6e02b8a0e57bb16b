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
            YamlNode.Mapping content = content(path, files, problems);
            if (content != null) {
                ModelVocabulary vocabulary = vocabulary(path, content, problems);
                return vocabulary == null ? BUILT_IN : new ModelsFile(path, new Known(vocabulary));
            }
        }
        return BUILT_IN;
    }

    private static YamlNode.@Nullable Mapping content(Path path, ConfigFile files, Consumer<ConfigProblem> problems) {
        return switch (files.read(path)) {
            case ConfigFile.Content.Read(ByteBuffer bytes) -> parsed(path, bytes, problems);
            case ConfigFile.Content.Unreadable(String reason) -> {
                problems.accept(leftOut(path, 0, "", "the file is left out: " + reason));
                yield null;
            }
            case ConfigFile.Content.Absent _ -> null;
        };
    }

    private static YamlNode.@Nullable Mapping parsed(Path path, ByteBuffer bytes, Consumer<ConfigProblem> problems) {
        List<YamlDocument.Mistake> mistakes = new ArrayList<>();
        YamlNode.Mapping content = YamlDocument.read(bytes, mistakes);
        for (YamlDocument.Mistake mistake : mistakes) {
            problems.accept(
                    leftOut(path, mistake.line(), mistake.path(), mistake.message() + ": the file is left out"));
        }
        if (!mistakes.isEmpty()) {
            return null;
        }
        if (content.entries().isEmpty()) {
            problems.accept(new ConfigProblem(Severity.WARNING, path.toString(), 0, "", "the file is empty"));
            return null;
        }
        return content;
    }

    /// Null where something in it can't be used.
    private static @Nullable ModelVocabulary vocabulary(
            Path path, YamlNode.Mapping content, Consumer<ConfigProblem> problems) {
        Reading reading = new Reading(path.toString(), new Variables(Map.of()));
        ModelVocabularyReader.read(reading.root(YamlMerge.withoutNulls(content)));
        boolean usable = true;
        for (ConfigProblem problem : reading.finish()) {
            boolean mistake = problem.severity() == Severity.ERROR;
            usable &= !mistake;
            problems.accept(
                    mistake
                            ? leftOut(
                                    path, problem.line(), problem.path(), problem.message() + ": the file is left out")
                            : problem);
        }
        YamlNode.Mapping whole = YamlMerge.withoutNulls(YamlMerge.over(BuiltIn.document(), content));
        return usable ? ModelVocabularyReader.read(new Reading(NAME, new Variables(Map.of())).root(whole)) : null;
    }

    private static ConfigProblem leftOut(Path path, int line, String key, String message) {
        return new ConfigProblem(Severity.LEFT_OUT, path.toString(), line, key, message);
    }
}
