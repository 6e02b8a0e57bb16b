package dev.olla.dialect.openai;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.Conversation;
import dev.olla.dialect.Dialect;
import dev.olla.dialect.Reasoning;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Whether and how long a model thinks, as servers of Chat Completions want to be told.
final class ChatReasoning {

    private static final String EFFORT = "reasoning_effort";
    private static final String TEMPLATE = "chat_template_kwargs";

    /// What servers call a budget, for profiles that declare one.
    private static final List<String> BUDGETS =
            List.of("thinking_token_budget", "thinking_budget", "thinking_budget_tokens", "reasoning_budget");

    private ChatReasoning() {}

    static void write(Conversation conversation, Abilities abilities, ObjectNode request) {
        if (!abilities.thinks()) {
            return;
        }
        Reasoning reasoning = conversation.reasoning();
        boolean own = conversation.origin() == Dialect.OPENAI;
        boolean template = abilities.takes(TEMPLATE);
        String effort = effort(reasoning, own);
        if (effort != null && (own || abilities.takes(EFFORT))) {
            request.put(EFFORT, effort);
        }
        if (Boolean.FALSE.equals(reasoning.enabled()) && ((own && !template) || abilities.takes("reasoning"))) {
            writeNone(request);
        }
        if (reasoning.enabled() != null && template && !request.has(TEMPLATE)) {
            request.putObject(TEMPLATE).put("enable_thinking", reasoning.enabled());
        }
        if (reasoning.budgetTokens() != null) {
            BUDGETS.stream().filter(abilities::takes).forEach(name -> request.put(name, reasoning.budgetTokens()));
        }
    }

    private static void writeNone(ObjectNode request) {
        if (!request.path(TEMPLATE).has("enable_thinking")) {
            request.put(EFFORT, "none");
        }
    }

    /// Null where thinking is off or nobody says how much of it.
    private static @Nullable String effort(Reasoning reasoning, boolean own) {
        if (Boolean.FALSE.equals(reasoning.enabled())) {
            return null;
        }
        String effort = reasoning.nearestEffort();
        boolean beyond = "xhigh".equals(effort) || "max".equals(effort);
        return beyond && !own ? "high" : effort;
    }
}
