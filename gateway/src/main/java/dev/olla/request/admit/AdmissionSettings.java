package dev.olla.request.admit;

/// Who may send what, and how much of it.
public record AdmissionSettings(RateLimitSettings rateLimits, CorsSettings cors, DashboardSettings dashboard) {

    public static final AdmissionSettings DEFAULTS =
            new AdmissionSettings(RateLimitSettings.DEFAULTS, CorsSettings.DEFAULTS, DashboardSettings.DEFAULTS);
}
