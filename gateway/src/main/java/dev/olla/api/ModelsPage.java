package dev.olla.api;

import dev.olla.fleet.EndpointState;
import dev.olla.fleet.Fleet;
import dev.olla.fleet.FleetSnapshot;
import dev.olla.http.Exchange;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What discovery found on every endpoint that is not disabled, down ones included, by family:
/// `/internal/status/models`.
public final class ModelsPage {

    private static final int MAX_RECENT = 10;
    private static final String UNKNOWN = "unknown";

    private static final Comparator<ListedModel> NEWEST_FIRST = Comparator.comparing(
                    ListedModel::lastSeen, Comparator.nullsLast(Comparator.reverseOrder()))
            .thenComparing(ListedModel::name);

    private final Fleet fleet;
    private final UnifiedModels unified;
    private final InstantSource clock;

    public ModelsPage(Fleet fleet, UnifiedModels unified, InstantSource clock) {
        this.fleet = fleet;
        this.unified = unified;
        this.clock = clock;
    }

    public void handle(Exchange exchange) {
        Query query = new Query(exchange);
        boolean grouped = query.is("detailed", "true") && query.is("group", "family");
        ConditionalJson.respond(exchange, page(grouped));
    }

    private Page page(boolean grouped) {
        FleetSnapshot snapshot = fleet.snapshot();
        Instant now = clock.instant();
        List<ListedModel> models = listed(snapshot);
        SortedMap<String, List<ListedModel>> families = models.stream()
                .collect(Collectors.groupingBy(
                        model -> model.family() == null ? UNKNOWN : model.family(), TreeMap::new, Collectors.toList()));
        SortedMap<String, List<String>> names = new TreeMap<>();
        families.forEach((family, members) ->
                names.put(family, members.stream().map(ListedModel::name).toList()));
        return new Page(
                HumanFormat.timestamp(now),
                models.size(),
                families.size(),
                snapshot.endpoints().stream()
                        .filter(state ->
                                state.endpoint().wanted() && !state.models().isEmpty())
                        .count(),
                names,
                models.stream()
                        .sorted(NEWEST_FIRST)
                        .limit(MAX_RECENT)
                        .map(model -> item(model, now))
                        .toList(),
                grouped ? groups(families, now) : null);
    }

    /// Every name once, sorted.
    private static List<ListedModel> listed(FleetSnapshot snapshot) {
        SortedMap<String, List<ModelSource>> byName = new TreeMap<>();
        for (EndpointState state : snapshot.endpoints()) {
            if (!state.endpoint().wanted()) {
                continue;
            }
            state.models()
                    .forEach(model -> byName.computeIfAbsent(model.name(), _ -> new ArrayList<>(2))
                            .add(new ModelSource(state, model)));
        }
        return byName.entrySet().stream()
                .map(entry -> ListedModel.of(entry.getKey(), entry.getValue()))
                .toList();
    }

    private List<Group> groups(SortedMap<String, List<ListedModel>> families, Instant now) {
        List<Group> groups = new ArrayList<>(families.size());
        families.forEach((family, members) -> groups.add(group(family, members, now)));
        groups.sort(Comparator.comparing(group -> group.family().equals(UNKNOWN)));
        return groups;
    }

    private Group group(String family, List<ListedModel> members, Instant now) {
        List<String> endpoints = members.stream()
                .flatMap(member -> member.endpointNames().stream())
                .distinct()
                .sorted()
                .toList();
        return new Group(
                family,
                members.size(),
                endpoints,
                members.stream().map(member -> item(member, now)).toList());
    }

    private Item item(ListedModel model, Instant now) {
        return new Item(
                model.name(),
                model.type(),
                model.family(),
                model.size() == 0 ? null : HumanFormat.bytes(model.size()),
                model.parameters(),
                model.quantization(),
                aliases(model.name()),
                model.capabilities(),
                HumanFormat.ago(model.lastSeen(), now),
                model.lastSeen() == null ? null : HumanFormat.timestamp(model.lastSeen()),
                model.endpointNames(),
                model.endpointIds());
    }

    /// What else the model is called; null where nothing.
    private @Nullable List<String> aliases(String name) {
        UnifiedModel model = unified.all().find(name);
        if (model == null) {
            return null;
        }
        List<String> others =
                model.aliases().stream().filter(alias -> !alias.equals(name)).toList();
        return others.isEmpty() ? null : others;
    }

    record Page(
            String timestamp,
            int totalModels,
            int totalFamilies,
            long totalEndpoints,
            Map<String, List<String>> modelsByFamily,
            List<Item> recentModels,
            @Nullable List<Group> modelGroups) {}

    record Group(String family, int modelCount, List<String> endpoints, List<Item> models) {}

    record Item(
            String name,
            @Nullable String type,
            @Nullable String family,
            @Nullable String size,
            @Nullable String params,
            @Nullable String quant,
            @Nullable List<String> aliases,
            @Nullable List<String> capabilities,
            String lastSeen,
            @Nullable String lastSeenAt,
            List<String> endpoints,
            List<String> endpointIds) {}
}
