package dev.olla.telemetry;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import org.slf4j.Logger;

/// What a run has cost: memory, allocation, garbage collection, threads, requests. For the end of a run.
public final class RuntimeSummary {

    private final Logger log;

    public RuntimeSummary(Logger log) {
        this.log = log;
    }

    /// @param uptime of the gateway
    public void write(SystemStatistics requests, Duration uptime, String version) {
        memory();
        collections();
        threads();
        log.atInfo()
                .addKeyValue("version", version)
                .addKeyValue("java", Runtime.version().toString())
                .addKeyValue("jvm", System.getProperty("java.vm.name"))
                .addKeyValue("processors", Runtime.getRuntime().availableProcessors())
                .addKeyValue("uptime_s", uptime.toSeconds())
                .log("Runtime");
        log.atInfo()
                .addKeyValue("requests", requests.requests().requests())
                .addKeyValue("succeeded", requests.requests().successes())
                .addKeyValue("failed", requests.requests().failures())
                .addKeyValue("client_left", requests.requests().clientsLeft())
                .addKeyValue("dropped_log_lines", Logging.droppedLines())
                .log("Requests served");
    }

    private void memory() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        log.atInfo()
                .addKeyValue("heap_used", memory.getHeapMemoryUsage().getUsed())
                .addKeyValue("heap_committed", memory.getHeapMemoryUsage().getCommitted())
                .addKeyValue("heap_max", memory.getHeapMemoryUsage().getMax())
                .addKeyValue("non_heap_used", memory.getNonHeapMemoryUsage().getUsed())
                .addKeyValue("allocated", threads.getTotalThreadAllocatedBytes())
                .log("Runtime memory in bytes");
    }

    private void collections() {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            log.atInfo()
                    .addKeyValue("collector", collector.getName())
                    .addKeyValue("collections", collector.getCollectionCount())
                    .addKeyValue("total_ms", collector.getCollectionTime())
                    .log("Runtime garbage collection");
        }
    }

    private void threads() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        log.atInfo()
                .addKeyValue("live", threads.getThreadCount())
                .addKeyValue("peak", threads.getPeakThreadCount())
                .addKeyValue("started", threads.getTotalStartedThreadCount())
                .log("Runtime threads");
    }
}
