package dev.olla.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// The first document of a YAML text, built from the events of the parser into [YamlNode]s.
///
/// Aliases share the node of their anchor, so a document never takes more memory than its text asks for; how large it
/// would be with every alias written out is counted and limited. Anchors, tags and source text never get into a
/// message: a password may look like any of them.
final class YamlDocument {

    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
    private static final int MAX_NESTING = 64;
    private static final int MAX_EXPANSION = 100;
    private static final int MAX_SCALARS = 50_000;

    private final Parser parser;
    private final long maxWeight;
    private final Map<Anchor, Built> anchors = new HashMap<>();
    private final Set<String> wanted;
    private int scalars;
    private final List<Mistake> mistakes;

    /// Something that makes the document unusable.
    ///
    /// @param line from 1; 0 where there is none
    /// @param path of the key; empty for the document as a whole
    record Mistake(int line, String path, String message) {}

    /// Ends the building at a mistake behind which nothing can be read.
    private static final class Unreadable extends Exception {
        private final transient Mistake mistake;

        Unreadable(int line, String message) {
            super(message, null, false, false);
            this.mistake = new Mistake(line, "", message);
        }
    }

    /// @param weight about the characters it would take with every alias written out
    /// @param height of nested collections
    private record Built(YamlNode node, long weight, int height) {}

    private YamlDocument(Parser parser, long length, Set<String> wanted, List<Mistake> mistakes) {
        this.parser = parser;
        this.wanted = wanted;
        this.maxWeight = MAX_EXPANSION * Math.max(length, 1);
        this.mistakes = mistakes;
    }

    /// Reads the text; what is wrong with it goes to the list, which stays as it was if nothing is.
    static YamlNode.Mapping read(ByteBuffer bytes, List<Mistake> mistakes) {
        return readUntil(Set.of(), bytes, mistakes);
    }

    /// Reads no further than the last of the wanted top-level keys; the whole document if none is named.
    static YamlNode.Mapping readUntil(Set<String> wanted, ByteBuffer bytes, List<Mistake> mistakes) {
        try {
            String text = decode(bytes);
            Parser parser = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text));
            return new YamlDocument(parser, text.length(), wanted, mistakes).build();
        } catch (Unreadable unreadable) {
            mistakes.add(unreadable.mistake);
        } catch (MarkedYamlEngineException broken) {
            mistakes.add(syntaxMistake(broken));
        } catch (ReaderException broken) {
            mistakes.add(new Mistake(
                    0,
                    "",
                    "the character U+%04X at position %d has no place in YAML"
                            .formatted(broken.getCodePoint(), broken.getPosition())));
        } catch (YamlEngineException broken) {
            mistakes.add(new Mistake(0, "", "this is not valid YAML"));
        }
        return YamlNode.EMPTY;
    }

    private static String decode(ByteBuffer bytes) throws Unreadable {
        int mark = bytes.remaining() < 2 ? 0 : bytes.getChar(bytes.position());
        Charset charset = mark == 0xFEFF || mark == 0xFFFE ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
        try {
            String text = charset.newDecoder().decode(bytes).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException _) {
            throw new Unreadable(0, "this is not a text in UTF-8");
        }
    }

    private static Mistake syntaxMistake(MarkedYamlEngineException broken) {
        String problem = broken.getProblem() == null ? "" : broken.getProblem();
        Optional<Mark> mark = broken.getProblemMark();
        // A key without its colon is noticed on the next line.
        if (problem.startsWith("could not find expected ':'")
                && broken.getContextMark().isPresent()) {
            mark = broken.getContextMark();
        }
        int line = mark.map(Mark::getLine).orElse(-1) + 1;
        if (problem.contains("TAB")) {
            return new Mistake(line, "", "a tab can't indent a line of YAML: use spaces");
        }
        if (problem.contains("tag handle")) {
            return new Mistake(line, "", "a tag that nothing defines; quote a text that starts with !");
        }
        return new Mistake(line, "", "this is not valid YAML: " + problem.replaceAll("\\s+", " "));
    }

    private YamlNode.Mapping build() throws Unreadable {
        while (parser.checkEvent(Event.ID.StreamStart) || parser.checkEvent(Event.ID.DocumentStart)) {
            parser.next();
        }
        if (parser.checkEvent(Event.ID.StreamEnd)) {
            return YamlNode.EMPTY;
        }
        return switch (node(0, "").node()) {
            case YamlNode.Mapping mapping -> mapping;
            case YamlNode.Scalar scalar when scalar.isNull() -> YamlNode.EMPTY;
            case YamlNode other -> throw new Unreadable(other.line(), "expected keys with a colon, such as `server:`");
        };
    }

    private Built node(int depth, String path) throws Unreadable {
        Event event = parser.next();
        int line = line(event);
        if (event instanceof AliasEvent alias) {
            return aliased(alias, depth, line);
        }
        Optional<Anchor> anchor = event instanceof NodeEvent named ? named.getAnchor() : Optional.empty();
        checkNesting(depth, line);
        Built built = switch (event) {
            case ScalarEvent scalar -> scalar(scalar, line);
            case SequenceStartEvent _ -> sequence(depth, path, line);
            case MappingStartEvent _ -> mapping(depth, path, line);
            default -> throw new Unreadable(line, "this is not valid YAML");
        };
        anchor.ifPresent(name -> anchors.put(name, built));
        return built;
    }

    private Built scalar(ScalarEvent event, int line) throws Unreadable {
        if (++scalars > MAX_SCALARS) {
            throw new Unreadable(line, "there are more than " + MAX_SCALARS + " keys and values");
        }
        boolean plain = event.getScalarStyle() == ScalarStyle.PLAIN
                && event.getTag()
                        .map(tag -> !tag.endsWith(":str") && !tag.equals("!"))
                        .orElse(true);
        String text = event.getValue();
        return new Built(new YamlNode.Scalar(text, plain, line), text.length() + 1, 0);
    }

    private Built aliased(AliasEvent event, int depth, int line) throws Unreadable {
        Built target = anchors.get(event.getAlias());
        if (target == null) {
            throw new Unreadable(line, "an alias without an anchor before it; quote a text that starts with *");
        }
        checkNesting(depth + target.height(), line);
        return target;
    }

    private Built sequence(int depth, String path, int line) throws Unreadable {
        List<YamlNode> items = new ArrayList<>();
        long weight = 1;
        int height = 0;
        while (!parser.checkEvent(Event.ID.SequenceEnd)) {
            Built item = node(depth + 1, path + "[" + items.size() + "]");
            items.add(item.node());
            weight = checkedWeight(weight + item.weight(), line);
            height = Math.max(height, item.height());
        }
        parser.next();
        return new Built(new YamlNode.Sequence(items, line), weight, height + 1);
    }

    private Built mapping(int depth, String path, int line) throws Unreadable {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        List<YamlNode.Mapping> merged = new ArrayList<>();
        long weight = 1;
        int height = 0;
        while (!enough(depth, entries) && !parser.checkEvent(Event.ID.MappingEnd)) {
            YamlNode.Scalar key = key(depth, path);
            Built value = node(depth + 1, path.isEmpty() ? key.text() : path + "." + key.text());
            weight = checkedWeight(weight + key.text().length() + 1 + value.weight(), line);
            height = Math.max(height, value.height());
            if (key.plain() && key.text().equals("<<")) {
                merged.addAll(sources(value.node()));
            } else {
                putOnce(entries, key, value.node(), path);
            }
        }
        if (!enough(depth, entries)) {
            parser.next();
        }
        for (YamlNode.Mapping source : merged) {
            source.entries().forEach(entries::putIfAbsent);
        }
        return new Built(new YamlNode.Mapping(entries, line), weight, height + 1);
    }

    private boolean enough(int depth, Map<String, YamlNode.Entry> entries) {
        return depth == 0 && !wanted.isEmpty() && entries.keySet().containsAll(wanted);
    }

    private YamlNode.Scalar key(int depth, String path) throws Unreadable {
        YamlNode key = node(depth + 1, path).node();
        if (key instanceof YamlNode.Scalar scalar) {
            return scalar;
        }
        throw new Unreadable(key.line(), "a key must be a text, not a list or a mapping");
    }

    private void putOnce(Map<String, YamlNode.Entry> entries, YamlNode.Scalar key, YamlNode value, String path) {
        YamlNode.Entry first = entries.putIfAbsent(key.text(), new YamlNode.Entry(value, key.line()));
        if (first != null) {
            String where = path.isEmpty() ? key.text() : path + "." + key.text();
            mistakes.add(new Mistake(
                    key.line(),
                    Secrets.hiddenKey(where) ? Secrets.shownPath(where) : where,
                    (Secrets.hiddenKey(where) ? "a key is" : "is") + " written twice, first on line " + first.line()));
        }
    }

    /// What a merge key (`<<`) names: one mapping or a list of them.
    private static List<YamlNode.Mapping> sources(YamlNode node) throws Unreadable {
        List<YamlNode> named = node instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(node);
        List<YamlNode.Mapping> sources = new ArrayList<>();
        for (YamlNode item : named) {
            if (!(item instanceof YamlNode.Mapping mapping)) {
                throw new Unreadable(item.line(), "<<: takes a mapping or a list of mappings");
            }
            sources.add(mapping);
        }
        return sources;
    }

    private static void checkNesting(int depth, int line) throws Unreadable {
        if (depth > MAX_NESTING) {
            throw new Unreadable(line, "nested deeper than " + MAX_NESTING + " levels");
        }
    }

    private long checkedWeight(long weight, int line) throws Unreadable {
        if (weight > maxWeight) {
            throw new Unreadable(line, "its aliases expand to more than " + MAX_EXPANSION + " times the file");
        }
        return weight;
    }

    private static int line(Event event) {
        return event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }
}
