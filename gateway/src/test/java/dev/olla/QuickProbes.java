package dev.olla;

import dev.olla.config.Config;
import dev.olla.fleet.EndpointSettings;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Endpoints that are probed more often than a configuration may ask for, for tests that wait for what probes find.
final class QuickProbes {

    private static final Duration SHORTEST_ALLOWED = Duration.ofSeconds(1);
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private QuickProbes() {}

    /// The configuration with every `check_interval` of one second, the shortest that may be written, made a tenth.
    static Config in(Config config) {
        List<EndpointSettings> endpoints = config.endpoints().stream()
                .map(endpoint -> endpoint.checkInterval().equals(SHORTEST_ALLOWED)
                        ? with(endpoint, "checkInterval", INTERVAL)
                        : endpoint)
                .toList();
        return with(config, "endpoints", endpoints);
    }

    /// The record with another value of one component.
    private static <R extends Record> R with(R record, String component, Object value) {
        @SuppressWarnings("unchecked")
        Class<R> type = (Class<R>) record.getClass();
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = components[i].getName().equals(component)
                        ? value
                        : components[i].getAccessor().invoke(record);
            }
            return type.getConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
