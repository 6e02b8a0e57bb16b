package dev.olla.fleet;

import java.time.Duration;

/// What a model is estimated to need; memory in GB of 10⁹ bytes.
public record ModelNeeds(double minMemoryGb, double recommendedMemoryGb, double minGpuMemoryGb, Duration loadTime) {

    public static final ModelNeeds NONE = new ModelNeeds(0, 0, 0, Duration.ZERO);

    ModelNeeds withMemoryTimes(double factor) {
        return new ModelNeeds(minMemoryGb * factor, recommendedMemoryGb * factor, minGpuMemoryGb * factor, loadTime);
    }
}
