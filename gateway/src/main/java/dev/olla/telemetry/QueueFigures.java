package dev.olla.telemetry;

import java.util.List;

/// What waits for a free place at one moment.
///
/// @param bytes of the bodies of all that wait
/// @param maxLength how many may wait for one model
public record QueueFigures(int waiting, long bytes, int maxLength, List<Model> models) {

    public static final QueueFigures NONE = new QueueFigures(0, 0, 0, List.of());

    /// @param oldestMillis how long the one waits that came first
    public record Model(String model, int waiting, long oldestMillis) {}

    public QueueFigures {
        models = List.copyOf(models);
    }
}
