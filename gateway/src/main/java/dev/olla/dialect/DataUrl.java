package dev.olla.dialect;

/// The `data:` URLs of RFC 2397 in which OpenAI's formats put files.
public final class DataUrl {

    private static final String SCHEME = "data:";
    private static final String MARK = ";base64,";

    private DataUrl() {}

    /// What a URL stands for: bytes in the request where it is a `data:` URL in base64, else a link.
    public static Media read(String url) {
        int mark = url.indexOf(MARK);
        if (mark < 0 || !url.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new Media.Link(url);
        }
        String type = url.substring(SCHEME.length(), mark);
        return new Media.Inline(type.isEmpty() ? null : type, url.substring(mark + MARK.length()));
    }

    /// @param otherwise the type where the media doesn't say
    public static String write(Media.Inline media, String otherwise) {
        return SCHEME + (media.type() == null ? otherwise : media.type()) + MARK + media.base64();
    }

    public static boolean is(String url) {
        return url.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }
}
