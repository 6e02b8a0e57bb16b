package dev.olla.api;

import dev.olla.http.Exchange;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Memory, garbage collection and threads of the program: `/internal/process`.
///
/// The names are those of another runtime, for whoever reads the page already; what has no equal here is 0.
public final class ProcessPage {

    private final InstantSource clock;

    public ProcessPage(InstantSource clock) {
        this.clock = clock;
    }

    public void handle(Exchange exchange) {
        int processors = Runtime.getRuntime().availableProcessors();
        long uptime = ManagementFactory.getRuntimeMXBean().getUptime();
        Json.respond(
                exchange,
                new Page(
                        HumanFormat.timestamp(clock.instant()),
                        memory(),
                        garbageCollection(uptime),
                        threads(ManagementFactory.getThreadMXBean().getThreadCount()),
                        new RuntimeFigures(
                                HumanFormat.running(Duration.ofMillis(uptime)),
                                "java " + System.getProperty("java.version"),
                                processors,
                                processors),
                        new Allocations(0, 0, 0)));
    }

    private static Memory memory() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long limit = heap.getMax() > 0 ? heap.getMax() : heap.getCommitted();
        return new Memory(
                HumanFormat.bytes(heap.getUsed()),
                HumanFormat.bytes(limit),
                HumanFormat.bytes(heap.getCommitted()),
                HumanFormat.bytes(Math.max(0, limit - heap.getCommitted())),
                HumanFormat.bytes(0),
                HumanFormat.bytes(heap.getUsed() + directBytes()),
                pressure((double) heap.getUsed() / limit));
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(pool -> Math.max(0, pool.getMemoryUsed()))
                .sum();
    }

    static String pressure(double share) {
        return share > 0.9 ? "HIGH" : share > 0.7 ? "MEDIUM" : "LOW";
    }

    private GarbageCollection garbageCollection(long uptimeMillis) {
        long count = 0;
        long millis = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            count += Math.max(0, collector.getCollectionCount());
            millis += Math.max(0, collector.getCollectionTime());
        }
        return new GarbageCollection(
                HumanFormat.timestamp(count == 0 ? null : lastCollection()),
                count == 0 ? "" : HumanFormat.running(Duration.ofMillis(millis)),
                count == 0 ? "" : HumanFormat.running(Duration.ofNanos(millis * 1_000_000 / count)),
                uptimeMillis == 0 ? 0 : (double) millis / uptimeMillis,
                count);
    }

    private @Nullable Instant lastCollection() {
        long end = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof com.sun.management.GarbageCollectorMXBean detailed
                    && detailed.getLastGcInfo() != null) {
                end = Math.max(end, detailed.getLastGcInfo().getEndTime());
            }
        }
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        return end == 0 ? clock.instant() : Instant.ofEpochMilli(started + end);
    }

    static Threads threads(int count) {
        String status = count <= 100 ? "HEALTHY" : count <= 500 ? "NORMAL" : count <= 1000 ? "ELEVATED" : "CONCERNING";
        return new Threads(status, count, 0);
    }

    record Page(
            String timestamp,
            Memory memory,
            GarbageCollection garbageCollection,
            Threads goroutines,
            RuntimeFigures runtime,
            Allocations allocations) {}

    /// @param heapSys the most that the heap may have
    /// @param heapInuse what it has of the system
    /// @param heapReleased what it could still have
    /// @param totalAlloc the heap and the buffers beside it
    record Memory(
            String heapAlloc,
            String heapSys,
            String heapInuse,
            String heapReleased,
            String stackInuse,
            String totalAlloc,
            String memoryPressure) {}

    record GarbageCollection(
            String lastGc, String totalGcTime, String avgGcPause, double gcCpuFraction, long numGcCycles) {}

    record Threads(String healthStatus, int count, long cgoCalls) {}

    record RuntimeFigures(String uptime, String goVersion, int numCpu, int gomaxprocs) {}

    record Allocations(long totalMallocs, long totalFrees, long netObjects) {}
}
