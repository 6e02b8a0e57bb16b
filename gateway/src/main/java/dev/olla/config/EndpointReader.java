package dev.olla.config;

import dev.olla.fleet.BackendProfile;
import dev.olla.fleet.EndpointSettings;
import dev.olla.fleet.LimitPolicy;
import dev.olla.http.TlsSettings;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one item of `discovery.static.endpoints`.
final class EndpointReader {

    private static final Duration MIN_INTERVAL = Duration.ofSeconds(1);
    private static final Range WEIGHT = new Range(1, 1000, "a weight is 1 to 1000");
    private static final Duration MAX_TIMEOUT = Duration.ofSeconds(30);

    private final Profiles profiles;
    private final LimitPolicy limits;

    EndpointReader(Profiles profiles, LimitPolicy limits) {
        this.profiles = profiles;
        this.limits = limits;
    }

    /// Null if the endpoint is unusable, which is then reported.
    @Nullable
    EndpointSettings read(Section section) {
        section.notYet("ollama");
        URI url = EndpointUrls.read(section);
        String name = name(section);
        Duration interval = interval(section);
        String type = type(section);
        EndpointSettings endpoint = new EndpointSettings(
                name,
                url == null ? URI.create("http://localhost") : url,
                type,
                section.integer("priority", usualPriority(type), Range.atLeast(0)),
                EndpointUrls.readPath(section, "health_check_url"),
                EndpointUrls.readPath(section, "model_url"),
                interval,
                timeout(section, interval),
                section.bool("preserve_path", false),
                FilterReader.read(section.section("model_filter")),
                HeaderReader.read(section, "headers"),
                new AuthReader(section, name).read(),
                TlsReader.read(section, name),
                section.integer("weight", EndpointSettings.DEFAULT_WEIGHT, WEIGHT),
                LimitsReader.read(section, limits));
        if (url != null) {
            warnOfStrangers(section, endpoint);
            warnOfIdleTls(section, endpoint);
        }
        return url == null || name.isEmpty() ? null : endpoint;
    }

    /// Nobody should look for a credential where it is not sent.
    private static void warnOfStrangers(Section section, EndpointSettings endpoint) {
        if (endpoint.headers().isEmpty() && endpoint.credential() == null) {
            return;
        }
        controlUrls(endpoint).forEach((key, url) -> {
            if (!endpoint.mayIdentifyTo(url)) {
                section.warning(
                        key,
                        "headers and auth are not sent there: they go to the host of url only, by no worse scheme");
            }
        });
    }

    private static void warnOfIdleTls(Section section, EndpointSettings endpoint) {
        boolean used = "https".equalsIgnoreCase(endpoint.url().getScheme())
                || controlUrls(endpoint).values().stream().anyMatch(url -> "https".equalsIgnoreCase(url.getScheme()));
        if (!used && !endpoint.tls().equals(TlsSettings.STANDARD)) {
            section.warning("tls", "has no effect: the url of endpoint " + Secrets.shown(endpoint.name()) + " is http");
        }
    }

    /// The absolute ones among `health_check_url` and `model_url`.
    private static Map<String, URI> controlUrls(EndpointSettings endpoint) {
        Map<String, URI> urls = new LinkedHashMap<>();
        addUrl(urls, "health_check_url", endpoint.healthCheckUrl());
        addUrl(urls, "model_url", endpoint.modelUrl());
        return urls;
    }

    private static void addUrl(Map<String, URI> urls, String key, @Nullable String text) {
        if (text != null && EndpointUrls.isAbsolute(text)) {
            urls.put(key, URI.create(text));
        }
    }

    private static String name(Section section) {
        String name = section.text("name", "");
        if (name.isBlank() && !section.isNoValue("name")) {
            section.error("name", "an endpoint needs a name of its own");
        }
        return name.isBlank() ? "" : name;
    }

    private String type(Section section) {
        String type = section.text("type", EndpointSettings.AUTO);
        if (type.isEmpty()) {
            return EndpointSettings.AUTO;
        }
        if (profiles.isFilteredOut(type)) {
            section.error("type", Secrets.shown(type) + " is not allowed: proxy.profile_filter leaves it out");
        } else if (profiles.byType(type) == null) {
            String near = NearestName.of(type, profiles.types());
            section.error(
                    "type",
                    Secrets.shown(type) + " is not allowed: one of " + String.join(", ", profiles.names()) + ", auto"
                            + (near == null ? "" : "; did you mean " + near + "?"));
        }
        return type;
    }

    /// What a profile brings along is an estimate that nobody chose, so only a priority that the user wrote counts.
    private int usualPriority(String type) {
        BackendProfile profile = profiles.byType(type);
        Integer written = profile == null ? null : profile.written().defaultPriority();
        return written == null ? EndpointSettings.DEFAULT_PRIORITY : written;
    }

    private static Duration interval(Section section) {
        Duration standard = EndpointSettings.DEFAULT_CHECK_INTERVAL;
        Duration interval = section.duration("check_interval", standard);
        if (interval.isZero()) {
            return standard;
        }
        if (interval.compareTo(MIN_INTERVAL) < 0) {
            section.error("check_interval", DurationText.of(interval) + " is not allowed: 1s is the least");
        }
        return interval;
    }

    /// Where nothing is written it keeps below the interval, so that a short interval alone is no mistake.
    private static Duration timeout(Section section, Duration interval) {
        Duration written = section.duration("check_timeout", EndpointSettings.DEFAULT_CHECK_TIMEOUT);
        if (written.isZero() || !section.has("check_timeout")) {
            Duration half = interval.dividedBy(2);
            Duration standard = EndpointSettings.DEFAULT_CHECK_TIMEOUT;
            return half.compareTo(standard) < 0 ? half : standard;
        }
        if (written.compareTo(interval) >= 0) {
            section.error(
                    "check_timeout",
                    DurationText.of(written) + " is not allowed: it must be below check_interval, which is "
                            + DurationText.of(interval));
        } else if (written.compareTo(MAX_TIMEOUT) > 0) {
            section.error("check_timeout", DurationText.of(written) + " is not allowed: 30s is the most");
        }
        return written;
    }
}
