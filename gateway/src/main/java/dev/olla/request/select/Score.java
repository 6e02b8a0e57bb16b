package dev.olla.request.select;

import dev.olla.request.route.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// How a candidate stands in what a balancer compares.
///
/// @param value higher is better
/// @param words what it is made of, made when somebody asks; null where the value says it all
public record Score(double value, @Nullable Supplier<String> words) {

    public Score {
        value += 0.0; // what is minus nothing is nothing
    }

    static List<Score> each(List<Candidate> candidates, ToDoubleFunction<Candidate> value) {
        List<Score> scores = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            scores.add(new Score(value.applyAsDouble(candidate), null));
        }
        return scores;
    }
}
