package dev.olla;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Lets the tests against real Ollamas run where there is one, and says once what was found.
final class RealOllamaCondition implements ExecutionCondition {

    private static final AtomicBoolean SAID = new AtomicBoolean();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        RealOllamaPlace place = RealOllamaPlace.find();
        if (place == null) {
            String reason = "Real Ollama tests skipped: neither ../shared/ollama nor an ollama on the PATH was found ("
                    + RealOllamaPlace.SETTING + " may name the folder)";
            sayOnce(reason);
            return ConditionEvaluationResult.disabled(reason);
        }
        if (place.releases().size() == 1) {
            sayOnce("Real Ollama tests run with one release only, twice: " + place);
        }
        return ConditionEvaluationResult.enabled("real Ollama: " + place);
    }

    private static void sayOnce(String line) {
        if (SAID.compareAndSet(false, true)) {
            System.out.println(line);
        }
    }
}
