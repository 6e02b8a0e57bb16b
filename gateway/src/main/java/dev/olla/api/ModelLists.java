package dev.olla.api;

import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.Fleet;
import dev.olla.fleet.ModelAliases;
import dev.olla.http.Exchange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// The lists of the models that some servers of the fleet hold, by the paths at which clients of each kind look.
public final class ModelLists {

    private static final String OPENAI_PATH = "/v1/models";

    private final Fleet fleet;
    private final ModelScope scope;
    private final ModelAliases aliases;
    private final Pages openAi;

    /// @param list answers the list
    /// @param onePages given the path before the name, answers one model
    public record Pages(Consumer<Exchange> list, Function<String, Consumer<Exchange>> onePages) {

        /// One model by the name that follows the path.
        public Consumer<Exchange> one(String path) {
            return onePages.apply(path);
        }
    }

    public ModelLists(Fleet fleet, ModelScope servers, ModelAliases aliases) {
        this.fleet = fleet;
        this.aliases = aliases;
        this.scope = servers.with(aliases);
        this.openAi = new Pages(
                new OpenAiModelList(fleet, scope)::handle,
                path -> ProviderModelPage.openAi(fleet, scope, path)::handle);
    }

    public Pages openAi() {
        return openAi;
    }

    /// The Ollamas among the servers, as one Ollama lists its models: what its clients ask for under any route.
    public Consumer<Exchange> ofOllamas() {
        ModelScope ollamas = state -> scope.includes(state) && state.profile().ollamaNative();
        return new OllamaModelList(fleet, ollamas.with(aliases))::handle;
    }

    /// By path.
    public Map<String, Pages> of(BackendProfile profile) {
        Map<String, Pages> pages = new LinkedHashMap<>();
        if (profile.openAiCompatible()) {
            pages.put(OPENAI_PATH, openAi);
        }
        switch (profile.listFormat()) {
            case "ollama" ->
                pages.put(
                        profile.discoveryPath(),
                        new Pages(new OllamaModelList(fleet, scope)::handle, openAi.onePages()));
            case "lmstudio" -> {
                pages.put(
                        profile.discoveryPath(),
                        new Pages(
                                new LmStudioModelList(fleet, scope)::handle,
                                path -> ProviderModelPage.lmStudio(fleet, scope, path)::handle));
                pages.put("/api/v1/models", openAi);
            }
            default -> pages.putIfAbsent(profile.discoveryPath(), openAi);
        }
        return pages;
    }
}
