package dev.olla.request.route;

/// When requests are translated between formats.
///
/// @param widens whether a route of one format reaches servers of another for models that its own don't hold
/// @param passthrough whether servers that speak Anthropic's format get its requests as they are
/// @param preferNative whether those servers come before all others
public record TranslationSettings(boolean widens, boolean passthrough, boolean preferNative) {

    public static final TranslationSettings DEFAULTS = new TranslationSettings(true, true, true);
}
